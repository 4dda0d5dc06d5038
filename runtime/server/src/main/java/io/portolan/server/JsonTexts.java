package io.portolan.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Checks that the text of requests is UTF-8, and describes JSON errors in this server's own words. */
final class JsonTexts {
    private static final int CHUNK = 1 << 13;
    private static final int LONGEST_NAME = 100;

    private record Reason(Pattern pattern, String words) {}

    /** Descriptions for the parser's messages, without its options and class names. */
    private static final List<Reason> REASONS = List.of(
            new Reason(Pattern.compile("^Duplicate field '(.*)'", Pattern.DOTALL), "Duplicate field '%s'"),
            new Reason(
                    Pattern.compile("^Non-standard token '[-+]?(?:NaN|INF|Infinity)'|^Unexpected character \\('[NI]'"),
                    "NaN and infinities are written as the strings \"NaN\", \"Infinity\" and \"-Infinity\""),
            new Reason(Pattern.compile("^Illegal unquoted character"), "a control character in a string; escape it"),
            new Reason(Pattern.compile("escape", Pattern.CASE_INSENSITIVE), "an escape in a string is not valid JSON"),
            new Reason(Pattern.compile("^Unexpected character"), "an unexpected character"),
            new Reason(Pattern.compile("^Unrecognized token"), "a word that is neither true, false nor null"),
            new Reason(
                    Pattern.compile("^Invalid numeric value|^Leading zeroes|^Decimal point"),
                    "a number is not valid JSON"),
            new Reason(Pattern.compile("UTF-8"), "a character is not UTF-8"));

    private JsonTexts() {}

    /** @throws HttpError if the bytes are not UTF-8, which excludes overlong forms and surrogates */
    static void requireUtf8(byte[] body, int length) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.wrap(body, 0, length);
        CharBuffer chars = CharBuffer.allocate(CHUNK);
        CoderResult result;
        do {
            result = decoder.decode(bytes, chars.clear(), true);
        } while (result.isOverflow());
        if (result.isError()) {
            throw HttpError.badRequest(
                    "the body is not valid JSON in UTF-8: byte " + bytes.position() + " is not UTF-8");
        }
    }

    /** @throws HttpError if half of a surrogate pair was escaped, because such a text cannot be encoded in UTF-8 */
    static String requireWhole(String text, String field) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (i + 1 == text.length() || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
                throw HttpError.badRequest(String.format(
                        "%s has \\u%04x alone, half of a character; send both surrogates, or the" + " character itself",
                        field, (int) c));
            }
            i++;
        }
        return text;
    }

    /** Describes a parser's error. */
    static HttpError describe(JsonProcessingException malformed) {
        String place = malformed.getLocation() == null
                ? ""
                : " (line " + malformed.getLocation().getLineNr() + ", column "
                        + malformed.getLocation().getColumnNr() + ")";
        return HttpError.badRequest("the body is not valid JSON in UTF-8: " + reason(malformed) + place);
    }

    private static String reason(JsonProcessingException malformed) {
        String message = String.valueOf(malformed.getOriginalMessage());
        if (malformed instanceof StreamConstraintsException) {
            return message.contains("nesting depth")
                    ? "its nesting depth is above 100"
                    : "a name or a number in it is too long";
        }
        if (malformed instanceof InputCoercionException || message.contains("out of range")) {
            return "a number is out of range";
        }
        if (malformed instanceof JsonEOFException) {
            return "it ends too early";
        }
        return REASONS.stream()
                .flatMap(reason -> {
                    Matcher found = reason.pattern().matcher(message);
                    return found.find() ? Stream.of(words(reason, found)) : Stream.empty();
                })
                .findFirst()
                .orElse("it cannot be read");
    }

    private static String words(Reason reason, Matcher found) {
        if (found.groupCount() == 0) {
            return reason.words();
        }
        String name = found.group(1).replaceAll("[\\p{Cntrl}\\p{Cf}]", " ");
        return String.format(
                reason.words(), name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name);
    }
}
