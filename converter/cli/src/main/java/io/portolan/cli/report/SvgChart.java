package io.portolan.cli.report;

import io.portolan.checkpoints.values.VisibleText;
import java.awt.Color;
import java.util.Arrays;
import java.util.Locale;

/** Draws charts as SVG, in the colours of the page's text. */
final class SvgChart {
    private static final int WIDTH = 480;
    private static final int LEFT = 56;
    private static final int NAMES = 140;
    private static final int MOST_NAMES = 220;
    private static final int LETTER = 7;
    private static final int TOP = 30;
    private static final int BOTTOM = 44;
    private static final int RIGHT = 12;
    private static final int UPRIGHT_HEIGHT = 280;
    private static final int ROW = 11;
    private static final double FILLED = 0.8;
    private static final int TICKS = 4;
    private static final int KEYS_IN_ROW = 2;
    private static final int KEY_ROW = 16;
    /** More labels below an axis would run into each other. */
    private static final int MOST_LABELS = 10;

    private final Chart chart;
    private final boolean horizontal;
    private final int left;
    private final int head;
    private final int height;
    private final double top;
    private final StringBuilder svg = new StringBuilder();

    /** Room for the longest name. */
    private static int names(Chart chart) {
        int letters = chart.categories().stream().mapToInt(String::length).max().orElse(0);
        return Math.min(MOST_NAMES, Math.max(NAMES, letters * LETTER));
    }

    private SvgChart(Chart chart) {
        this.chart = chart;
        this.horizontal = chart.kind() == Chart.Kind.ROWS;
        this.left = horizontal ? names(chart) : LEFT;
        this.head = TOP + KEY_ROW * ((chart.series().size() - 1) / KEYS_IN_ROW);
        this.height = horizontal
                ? head + BOTTOM + chart.categories().size() * (chart.series().size() + 1) * ROW
                : UPRIGHT_HEIGHT + head - TOP;
        this.top = niceCeiling(chart.largest());
    }

    /** An {@code svg} element. */
    static String draw(Chart chart) {
        SvgChart drawing = new SvgChart(chart);
        drawing.axes();
        drawing.categories();
        for (int i = 0; i < chart.series().size(); i++) {
            drawing.series(i);
            drawing.legend(i);
        }
        return String.format(
                        Locale.ROOT,
                        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
                        WIDTH,
                        drawing.height,
                        escaped(chart.alt()))
                + drawing.svg + "</svg>";
    }

    /** A sparkline, from the smallest to the largest value. */
    static String sparkline(double[] values) {
        double low = Arrays.stream(values).min().orElse(0);
        double extent = Arrays.stream(values).max().orElse(0) - low;
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            double x = 2 + 76.0 * i / Math.max(1, values.length - 1);
            double y = extent == 0 ? 10 : 18 - 16 * (values[i] - low) / extent;
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
        }
        return "<svg class=\"spark\" viewBox=\"0 0 80 20\" role=\"img\" aria-label=\"from " + Numbers.brief(values[0])
                + " to "
                + Numbers.brief(values[values.length - 1]) + "\"><polyline points=\"" + points
                + "\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/></svg>";
    }

    private void axes() {
        for (int i = 0; i <= TICKS; i++) {
            double value = top * i / TICKS;
            if (horizontal) {
                double x = along(value);
                line(x, head, x, height - BOTTOM);
                text(x, height - BOTTOM + 14, "middle", Numbers.shortest(value));
            } else {
                double y = up(value);
                line(left, y, WIDTH - RIGHT, y);
                text(left - 5, y + 4, "end", Numbers.shortest(value));
            }
        }
        text((left + WIDTH - RIGHT) / 2.0, height - 8, "middle", horizontal ? chart.up() : chart.across());
        double middle = (head + height - BOTTOM) / 2.0;
        svg.append(String.format(
                Locale.ROOT,
                "<text transform=\"translate(12 %.1f) rotate(-90)\" text-anchor=\"middle\">%s</text>",
                middle,
                escaped(horizontal ? chart.across() : chart.up())));
    }

    private void categories() {
        int every = (chart.categories().size() + MOST_LABELS - 1) / MOST_LABELS;
        for (int i = 0; i < chart.categories().size(); i++) {
            if (horizontal) {
                text(
                        left - 6,
                        head + (i + 0.5) * slot() + 4,
                        "end",
                        chart.categories().get(i));
            } else if (i % every == 0) {
                text(
                        left + (i + 0.5) * slot(),
                        height - BOTTOM + 16,
                        "middle",
                        chart.categories().get(i));
            }
        }
    }

    private void series(int number) {
        double[] values = chart.series().get(number).values();
        if (chart.kind() == Chart.Kind.LINES) {
            polyline(values, Chart.color(number));
            return;
        }
        double thickness = FILLED * slot() / chart.series().size();
        for (int i = 0; i < values.length; i++) {
            double start = (i + (1 - FILLED) / 2) * slot() + number * thickness;
            String name = chart.categories().get(i) + ", "
                    + chart.series().get(number).name() + ": " + Numbers.brief(values[i]);
            if (horizontal) {
                bar(left, head + start, along(values[i]) - left, thickness, Chart.color(number), name);
            } else {
                bar(left + start, up(values[i]), thickness, height - BOTTOM - up(values[i]), Chart.color(number), name);
            }
        }
    }

    private void legend(int number) {
        int x = left + number % KEYS_IN_ROW * (WIDTH - left - RIGHT) / KEYS_IN_ROW;
        int y = 8 + KEY_ROW * (number / KEYS_IN_ROW);
        bar(x, y, 10, 10, Chart.color(number), chart.series().get(number).name());
        text(x + 14, y + 9, "start", chart.series().get(number).name());
    }

    private void polyline(double[] values, Color color) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", left + (i + 0.5) * slot(), up(values[i])));
        }
        svg.append(String.format(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2.5\"/>", points, hex(color)));
    }

    /** The space of one category along its axis. */
    private double slot() {
        double room = horizontal ? height - head - BOTTOM : WIDTH - left - RIGHT;
        return room / chart.categories().size();
    }

    private double up(double value) {
        return height - BOTTOM - (height - head - BOTTOM) * share(value);
    }

    private double along(double value) {
        return left + (WIDTH - left - RIGHT) * share(value);
    }

    private double share(double value) {
        return Double.isFinite(value) ? value / top : 1;
    }

    private void bar(double x, double y, double width, double tall, Color color, String name) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"><title>%s</title></rect>",
                x,
                y,
                width,
                tall,
                hex(color),
                escaped(name)));
    }

    private void line(double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"currentColor\" stroke-opacity=\"0.2\"/>",
                x1,
                y1,
                x2,
                y2));
    }

    private void text(double x, double y, String anchor, String text) {
        svg.append(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, escaped(text)));
    }

    /** The next of the numbers 1, 2, 4, 5, 8, 10 times a power of ten. */
    private static double niceCeiling(double value) {
        if (!(value > 0) || !Double.isFinite(value)) {
            return 1;
        }
        double unit = Math.pow(10, Math.floor(Math.log10(value)));
        return unit
                * Arrays.stream(new double[] {1, 2, 4, 5, 8, 10})
                        .filter(step -> step * unit >= value)
                        .findFirst()
                        .orElse(10);
    }

    private static String hex(Color color) {
        return String.format("#%06x", color.getRGB() & 0xffffff);
    }

    private static String escaped(String text) {
        return VisibleText.lines(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace("\"", "&quot;");
    }
}
