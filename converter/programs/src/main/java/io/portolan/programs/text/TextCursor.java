package io.portolan.programs.text;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Quotation;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;

/**
 * A position in UTF-8 text, and what the grammar of MLIR calls tokens. Every method skips white space and comments first. What is nested
 * counts on one budget, so that no recursion is deeper than {@link #DEEPEST}.
 */
final class TextCursor {
    /** How deep regions, attributes and types may be nested in each other. */
    static final int DEEPEST = 512;

    private static final int LONGEST_NUMBER = 128;
    private static final int LONGEST_SYMBOL = 16;
    private static final int NOTHING = -1;

    private final byte[] text;
    private int at;
    private int depth;
    private int deepest;

    TextCursor(byte[] text) {
        this.text = text;
    }

    int position() {
        return at;
    }

    void moveTo(int position) {
        at = position;
    }

    int length() {
        return text.length;
    }

    byte byteAt(int position) {
        return text[position];
    }

    /** Enters something nested. */
    void enter() throws ProgramException {
        depth++;
        requireDepth(0);
    }

    /** Requires that so many more levels may be nested here. */
    void requireDepth(int more) throws ProgramException {
        deepest = Math.max(deepest, depth + more);
        if (deepest > DEEPEST) {
            throw fault("is nested deeper than " + DEEPEST + " levels");
        }
    }

    /** Begins to measure how deep what follows is nested; the result is for {@link #endMeasure}. */
    int startMeasure() {
        int outside = deepest;
        deepest = depth;
        return outside;
    }

    /** The levels since {@link #startMeasure}. */
    int endMeasure(int outside) {
        int levels = deepest - depth;
        deepest = Math.max(deepest, outside);
        return levels;
    }

    void leave() {
        depth--;
    }

    /** The next character without taking it; -1 at the end. */
    int peek() {
        skipSpace();
        return raw(at);
    }

    boolean isAtEnd() {
        return peek() == NOTHING;
    }

    /** Takes a symbol or a part of a word if it is next. */
    boolean take(String symbol) {
        skipSpace();
        for (int i = 0; i < symbol.length(); i++) {
            if (raw(at + i) != symbol.charAt(i)) {
                return false;
            }
        }
        at += symbol.length();
        return true;
    }

    /** Takes a whole word if it is next. */
    boolean takeWord(String word) {
        int from = at;
        if (take(word) && !isWordPart(raw(at))) {
            return true;
        }
        at = from;
        return false;
    }

    void expect(String symbol) throws ProgramException {
        if (!take(symbol)) {
            throw unexpected("'" + symbol + "'");
        }
    }

    /** A name of letters, digits, and {@code _ $ .} that begins with a letter or {@code _}. */
    String word() throws ProgramException {
        if (!isWordStart(peek())) {
            throw unexpected("a name");
        }
        return run(TextCursor::isWordPart);
    }

    boolean isWordNext() {
        return isWordStart(peek());
    }

    /** The name after {@code %}, {@code ^} or {@code @}: digits alone, or what {@link #word} takes and {@code -}. */
    String suffix(String sign) throws ProgramException {
        expect(sign);
        int first = raw(at);
        if (isDigit(first)) {
            return run(TextCursor::isDigit);
        }
        if (!isWordStart(first) && first != '$' && first != '.' && first != '-') {
            throw unexpected("a name after '" + sign + "'");
        }
        return run(letter -> isWordPart(letter) || letter == '-');
    }

    /** The name of a function: {@code @name} or {@code @"any text"}. */
    String symbol() throws ProgramException {
        int from = at;
        expect("@");
        if (raw(at) == '"') {
            return string();
        }
        at = from;
        return suffix("@");
    }

    /** A number as it is written: an integer, a decimal number, or hexadecimal digits after {@code 0x}. */
    String number() throws ProgramException {
        boolean isNegative = take("-");
        if (!isDigit(peek())) {
            throw unexpected("a number");
        }
        int start = at;
        if (raw(at) == '0' && raw(at + 1) == 'x' && isHexadecimal(raw(at + 2))) {
            at += 2;
            run(TextCursor::isHexadecimal);
        } else {
            decimal();
        }
        if (at - start > LONGEST_NUMBER) {
            throw fault("a number has more than " + LONGEST_NUMBER + " digits");
        }
        return (isNegative ? "-" : "") + ascii(start, at);
    }

    private void decimal() {
        run(TextCursor::isDigit);
        if (raw(at) == '.') {
            at++;
            run(TextCursor::isDigit);
            int exponent = at;
            if (raw(at) == 'e' || raw(at) == 'E') {
                at++;
                if (raw(at) == '+' || raw(at) == '-') {
                    at++;
                }
                if (run(TextCursor::isDigit).isEmpty()) {
                    at = exponent;
                }
            }
        }
    }

    /** An integer of 64 bits. */
    long integer() throws ProgramException {
        String digits = number();
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException refused) {
            throw fault("expected an integer of 64 bits, got " + Quotation.of(digits));
        }
    }

    /** A size of a tensor, which is digits alone whatever follows them; -1 if no digit is next. */
    long size() throws ProgramException {
        if (!isDigit(peek())) {
            return -1;
        }
        String digits = run(TextCursor::isDigit);
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException refused) {
            throw fault("expected a size of 63 bits, got " + Quotation.of(digits));
        }
    }

    /** A text in quotes, with {@code \\ \" \n \t} and two hexadecimal digits after {@code \}. */
    String string() throws ProgramException {
        expect("\"");
        int from = at;
        int end = stringEnd();
        boolean isPlain = true;
        for (int i = from; i < end && isPlain; i++) {
            isPlain = text[i] != '\\';
        }
        at = end + 1;
        return isPlain ? new String(text, from, end - from, StandardCharsets.UTF_8) : unescaped(from, end);
    }

    private String unescaped(int from, int end) throws ProgramException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(end - from);
        for (int i = from; i < end; i++) {
            if (text[i] != '\\') {
                bytes.write(text[i]);
                continue;
            }
            i++;
            switch (text[i]) {
                case '\\', '"' -> bytes.write(text[i]);
                case 'n' -> bytes.write('\n');
                case 't' -> bytes.write('\t');
                default -> {
                    int high = Character.digit(text[i], 16);
                    int low = Character.digit(raw(i + 1), 16);
                    if (high < 0 || low < 0) {
                        at = i;
                        throw fault("a text has an unknown escape");
                    }
                    bytes.write(high << 4 | low);
                    i++;
                }
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The position of the quote that ends the text that the position is in. */
    private int stringEnd() throws ProgramException {
        for (int i = at; i < text.length && text[i] != '\n'; i++) {
            if (text[i] == '"') {
                return i;
            }
            if (text[i] == '\\') {
                i++;
            }
        }
        throw fault("a text does not end on its line");
    }

    /** Skips a text in quotes. */
    void skipString() throws ProgramException {
        expect("\"");
        at = stringEnd() + 1;
    }

    /** Skips brackets of any kind, and what is in them up to the one that closes the first. */
    void skipBalanced() throws ProgramException {
        skipSpace();
        int from = at;
        int open = 0;
        do {
            int letter = peek();
            switch (letter) {
                case NOTHING -> {
                    throw faultAt(from, "a bracket is not closed");
                }
                case '"' -> skipString();
                case '(', '[', '{', '<' -> {
                    open++;
                    at++;
                }
                case ')', ']', '}', '>' -> {
                    open--;
                    at++;
                }
                case '-' -> at += raw(at + 1) == '>' ? 2 : 1;
                default -> at++;
            }
        } while (open > 0);
    }

    private void skipSpace() {
        while (at < text.length) {
            byte letter = text[at];
            if (letter == '/' && raw(at + 1) == '/') {
                skipLine();
            } else if (letter == ' ' || letter == '\n' || letter == '\t' || letter == '\r') {
                at++;
            } else {
                return;
            }
        }
    }

    /** Moves to the end of the line. */
    void skipLine() {
        while (at < text.length && text[at] != '\n') {
            at++;
        }
    }

    private String run(IntPredicate isPart) {
        int from = at;
        while (at < text.length && isPart.test(text[at])) {
            at++;
        }
        return ascii(from, at);
    }

    private String ascii(int from, int to) {
        return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private int raw(int position) {
        return position >= 0 && position < text.length ? text[position] & 0xFF : NOTHING;
    }

    private static boolean isDigit(int letter) {
        return letter >= '0' && letter <= '9';
    }

    private static boolean isHexadecimal(int letter) {
        return isDigit(letter) || letter >= 'a' && letter <= 'f' || letter >= 'A' && letter <= 'F';
    }

    private static boolean isWordStart(int letter) {
        return letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z' || letter == '_';
    }

    private static boolean isWordPart(int letter) {
        return isWordStart(letter) || isDigit(letter) || letter == '$' || letter == '.';
    }

    /** A fault at the next token, which is not what was expected. */
    ProgramException unexpected(String expected) {
        if (isAtEnd()) {
            return fault("expected " + expected + ", got the end of the text");
        }
        int from = at;
        int to = from + 1;
        while (to < text.length && to - from < LONGEST_SYMBOL && text[to] > ' ' && isWordPart(text[from])) {
            to++;
        }
        return fault("expected " + expected + ", got "
                + Quotation.of(new String(text, from, to - from, StandardCharsets.UTF_8)));
    }

    /** A fault at the position. */
    ProgramException fault(String message) {
        return faultAt(at, message);
    }

    /** A fault at another position. */
    ProgramException faultAt(int position, String message) {
        int line = 1;
        int start = 0;
        for (int i = 0; i < Math.min(position, text.length); i++) {
            if (text[i] == '\n') {
                line++;
                start = i + 1;
            }
        }
        return new ProgramException(
                "line " + line + ", column " + (position - start + 1) + ": " + Quotation.line(message));
    }
}
