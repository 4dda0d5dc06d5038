package io.portolan.cli;

/**
 * A text whose line breaks are printed: a table, whose cells have been escaped one by one, or JSON.
 *
 * @param text without a line break at the end
 */
record Lines(String text) {
    @Override
    public String toString() {
        return text;
    }
}
