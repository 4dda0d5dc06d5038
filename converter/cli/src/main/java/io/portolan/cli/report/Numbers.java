package io.portolan.cli.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Formats numbers for reading. */
final class Numbers {
    private static final MathContext DIGITS = new MathContext(3);

    private Numbers() {}

    /** Three significant digits. */
    static String brief(double value) {
        return isPlain(value)
                ? minus(rounded(value).toPlainString())
                : minus(String.format(Locale.ROOT, "%.2e", value));
    }

    /** The same without trailing zeros, for ticks. */
    static String shortest(double value) {
        return value != 0 && isPlain(value)
                ? minus(rounded(value).stripTrailingZeros().toPlainString())
                : brief(value);
    }

    private static boolean isPlain(double value) {
        double size = Math.abs(value);
        return size == 0 || size >= 1e-3 && size < 1e5;
    }

    private static BigDecimal rounded(double value) {
        return new BigDecimal(value, DIGITS);
    }

    private static String minus(String number) {
        return number.replace("-", "−");
    }

    static String fixed(double value, int decimals) {
        return minus(String.format(Locale.ROOT, "%." + decimals + "f", value));
    }

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String percent(double share) {
        return fixed(100 * share, 1) + " %";
    }
}
