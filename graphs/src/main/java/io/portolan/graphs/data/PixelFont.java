package io.portolan.graphs.data;

import java.awt.Graphics2D;
import java.util.Map;

/**
 * A pixel font with the glyphs of a contact sheet, five by seven pixels each. Java's own text rendering needs font
 * libraries that servers often lack.
 */
final class PixelFont {
    private static final int COLUMNS = 5;
    private static final int ADVANCE = COLUMNS + 1;
    static final int ROWS = 7;

    /** Each row is five bits, the leftmost pixel first. */
    private static final Map<Character, int[]> GLYPHS = Map.ofEntries(
            Map.entry('0', new int[] {14, 17, 19, 21, 25, 17, 14}),
            Map.entry('1', new int[] {4, 12, 4, 4, 4, 4, 14}),
            Map.entry('2', new int[] {14, 17, 1, 2, 4, 8, 31}),
            Map.entry('3', new int[] {31, 2, 4, 2, 1, 17, 14}),
            Map.entry('4', new int[] {2, 6, 10, 18, 31, 2, 2}),
            Map.entry('5', new int[] {31, 16, 30, 1, 1, 17, 14}),
            Map.entry('6', new int[] {6, 8, 16, 30, 17, 17, 14}),
            Map.entry('7', new int[] {31, 1, 2, 4, 8, 8, 8}),
            Map.entry('8', new int[] {14, 17, 17, 14, 17, 17, 14}),
            Map.entry('9', new int[] {14, 17, 17, 15, 1, 2, 12}),
            Map.entry('a', new int[] {0, 0, 14, 1, 15, 17, 15}),
            Map.entry('b', new int[] {16, 16, 22, 25, 17, 17, 30}),
            Map.entry('c', new int[] {0, 0, 14, 16, 16, 17, 14}),
            Map.entry('d', new int[] {1, 1, 13, 19, 17, 17, 15}),
            Map.entry('e', new int[] {0, 0, 14, 17, 31, 16, 14}),
            Map.entry('i', new int[] {4, 0, 12, 4, 4, 4, 14}),
            Map.entry('l', new int[] {12, 4, 4, 4, 4, 4, 14}),
            Map.entry('n', new int[] {0, 0, 22, 25, 17, 17, 17}),
            Map.entry('o', new int[] {0, 0, 14, 17, 17, 17, 14}),
            Map.entry('s', new int[] {0, 0, 14, 16, 14, 1, 30}),
            Map.entry('t', new int[] {8, 8, 28, 8, 8, 9, 6}));

    private PixelFont() {}

    /** Width of a text in units of the font's pixels. */
    static int width(String text) {
        return text.length() * ADVANCE - 1;
    }

    /**
     * Draws a text in the colour of the graphics, each of the font's pixels {@code scale} pixels wide; unknown glyphs
     * are blank.
     */
    static void draw(Graphics2D graphics, String text, int left, int top, int scale) {
        for (int i = 0; i < text.length(); i++) {
            int[] rows = GLYPHS.getOrDefault(text.charAt(i), new int[ROWS]);
            for (int row = 0; row < ROWS; row++) {
                for (int column = 0; column < COLUMNS; column++) {
                    if ((rows[row] >> (COLUMNS - 1 - column) & 1) == 1) {
                        graphics.fillRect(left + (i * ADVANCE + column) * scale, top + row * scale, scale, scale);
                    }
                }
            }
        }
    }
}
