package io.portolan.cli;

import java.util.OptionalLong;

/** Numbers that users type where a word may stand too. */
final class PositiveNumber {
    private PositiveNumber() {}

    /** The number from 1 to the largest that a text is; empty if it is anything else. */
    static OptionalLong of(String text, long largest) {
        try {
            long number = Long.parseLong(text);
            return number > 0 && number <= largest ? OptionalLong.of(number) : OptionalLong.empty();
        } catch (NumberFormatException otherText) {
            return OptionalLong.empty();
        }
    }
}
