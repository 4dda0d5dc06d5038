package io.portolan.checkpoints.pickle;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/** Parses numbers that protocol 0 writes as lines of text. */
final class DecimalText {
    /** The digits of the longest binary integer that is supported; the time of parsing is quadratic in them. */
    private static final int MOST_DIGITS = 2466;

    private static final int LONGEST_FLOAT = 64;
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+L?");
    private static final Pattern INDEX = Pattern.compile("[0-9]{1,18}");
    private static final Pattern FLOAT =
            Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)(e[+-]?[0-9]+)?", Pattern.CASE_INSENSITIVE);
    private static final Map<String, Object> TRUTH = Map.of("00", false, "01", true);
    private static final Map<String, Double> NOT_FINITE =
            Map.of("nan", Double.NaN, "inf", Double.POSITIVE_INFINITY, "-inf", Double.NEGATIVE_INFINITY);

    private DecimalText() {}

    /**
     * Parses an integer, as a {@link Long} if it fits and a {@link BigInteger} otherwise, or a boolean written 00 or
     * 01.
     */
    static Object integer(ByteBuffer line) throws Malformed {
        String text = text(line, MOST_DIGITS, "an integer");
        if (TRUTH.containsKey(text)) {
            return TRUTH.get(text);
        }
        require(INTEGER, text, "an integer");
        BigInteger value = new BigInteger(text.endsWith("L") ? text.substring(0, text.length() - 1) : text);
        if (value.bitLength() < Long.SIZE) {
            return value.longValue();
        }
        return value;
    }

    static Long index(ByteBuffer line) throws Malformed {
        String text = text(line, MOST_DIGITS, "a memo index");
        require(INDEX, text, "a memo index");
        return Long.parseLong(text);
    }

    static Double floatingPoint(ByteBuffer line) throws Malformed {
        String text = text(line, LONGEST_FLOAT, "a floating-point number");
        if (NOT_FINITE.containsKey(text)) {
            return NOT_FINITE.get(text);
        }
        require(FLOAT, text, "a floating-point number");
        return Double.parseDouble(text);
    }

    private static String text(ByteBuffer line, int longest, String what) throws Malformed {
        if (line.remaining() > longest) {
            throw new Malformed(what + " of " + line.remaining() + " characters", "at most " + longest);
        }
        return StandardCharsets.ISO_8859_1.decode(line).toString();
    }

    private static void require(Pattern form, String text, String what) throws Malformed {
        if (!form.matcher(text).matches()) {
            throw new Malformed("a line that is no number", what + " in decimal digits");
        }
    }
}
