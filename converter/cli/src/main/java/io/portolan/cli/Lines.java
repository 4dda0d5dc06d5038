package io.portolan.cli;

/**
 * Text of several lines to be printed as such: a table, whose cells are lines by themselves, or JSON.
 *
 * @param text without a break at its end
 */
record Lines(String text) {
    @Override
    public String toString() {
        return text;
    }
}
