package io.portolan.cli.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.style.Styler;

/** Draws charts as PNG. */
final class PngChart {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 560;
    private static final int LONG_NAMES = -60;
    private static final int MOST_LABELS = 16;

    private PngChart() {}

    /** The image; empty if Java finds no fonts, as on some servers. */
    static Optional<BufferedImage> draw(Chart chart) {
        try {
            return Optional.of(BitmapEncoder.getBufferedImage(of(chart)));
        } catch (LinkageError | InternalError noFonts) {
            return Optional.empty();
        }
    }

    private static CategoryChart of(Chart chart) {
        CategoryChart drawn = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(chart.title())
                .xAxisTitle(chart.across())
                .yAxisTitle(chart.up())
                .build();
        drawn.getStyler().setChartBackgroundColor(Color.WHITE).setPlotBorderVisible(false);
        drawn.getStyler()
                .setLegendVisible(chart.series().size() > 1)
                .setLegendPosition(
                        chart.kind() == Chart.Kind.LINES
                                ? Styler.LegendPosition.OutsideE
                                : Styler.LegendPosition.InsideNE);
        drawn.getStyler().setYAxisMin(0.0);
        // Otherwise the points of one category lie side by side, as bars do.
        drawn.getStyler().setOverlapped(chart.kind() == Chart.Kind.LINES);
        drawn.getStyler().setXAxisMaxLabelCount(MOST_LABELS);
        if (chart.kind() == Chart.Kind.ROWS) {
            drawn.getStyler().setXAxisLabelRotation(LONG_NAMES);
        }
        for (int i = 0; i < chart.series().size(); i++) {
            Chart.Series values = chart.series().get(i);
            List<Double> numbers = Arrays.stream(values.values()).boxed().toList();
            CategorySeries series = drawn.addSeries(values.name(), chart.categories(), numbers);
            series.setFillColor(Chart.color(i));
            series.setLineColor(Chart.color(i));
            series.setMarkerColor(Chart.color(i));
            if (chart.kind() == Chart.Kind.LINES) {
                series.setChartCategorySeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Line);
                series.setLineStyle(new BasicStroke(2.5f));
            }
        }
        return drawn;
    }
}
