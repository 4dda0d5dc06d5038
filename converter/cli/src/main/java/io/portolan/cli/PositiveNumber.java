package io.portolan.cli;

import java.util.OptionalLong;

/** Parses option values that are either a number or a keyword. */
final class PositiveNumber {
    private PositiveNumber() {}

    /** The number, if the text is one from 1 to the maximum; otherwise empty. */
    static OptionalLong of(String text, long largest) {
        try {
            long number = Long.parseLong(text);
            return number > 0 && number <= largest ? OptionalLong.of(number) : OptionalLong.empty();
        } catch (NumberFormatException otherText) {
            return OptionalLong.empty();
        }
    }
}
