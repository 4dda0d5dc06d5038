package io.portolan.cli.report;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A chart of numbers by category.
 *
 * @param across title of the axis of categories
 * @param up title of the axis of numbers, with their unit
 */
record Chart(
        Kind kind, String title, String alt, String across, String up, List<String> categories, List<Series> series)
        implements Figure {
    /** Colours that are distinguishable with colour blindness, and visible on black and on white: Okabe and Ito, 2008. */
    private static final List<Color> COLORS = List.of(
            new Color(0x0072B2),
            new Color(0xD55E00),
            new Color(0x009E73),
            new Color(0xCC79A7),
            new Color(0xE69F00),
            new Color(0x56B4E9));

    /** The kind of drawing. */
    enum Kind {
        /** Vertical bars. */
        BARS,
        /** Horizontal bars, for categories with names. */
        ROWS,
        LINES
    }

    /** @param values one for each category, none negative */
    record Series(String name, double[] values) {}

    static Color color(int series) {
        return COLORS.get(series % COLORS.size());
    }

    double largest() {
        return series.stream()
                .flatMapToDouble(one -> Arrays.stream(one.values))
                .max()
                .orElse(0);
    }

    @Override
    public String html() {
        return SvgChart.draw(this);
    }

    @Override
    public Map<String, BufferedImage> pictures() {
        return PngChart.draw(this).map(picture -> Map.of("", picture)).orElse(Map.of());
    }
}
