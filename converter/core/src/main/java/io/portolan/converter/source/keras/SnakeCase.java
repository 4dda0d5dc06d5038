package io.portolan.converter.source.keras;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names of classes as Keras writes them in paths: {@code Conv2D} is {@code conv2d}, {@code LeakyReLU} is {@code leaky_re_lu}. */
final class SnakeCase {
    private static final Pattern SIGNS = Pattern.compile("\\W+");
    private static final Pattern WORD = Pattern.compile("(.)([A-Z][a-z]+)");
    private static final Pattern CAPITAL = Pattern.compile("([a-z])([A-Z])");

    private SnakeCase() {}

    static String of(String name) {
        String letters = SIGNS.matcher(name).replaceAll("");
        String words = WORD.matcher(letters).replaceAll("$1_$2");
        return CAPITAL.matcher(words).replaceAll("$1_$2").toLowerCase(Locale.ROOT);
    }
}
