package io.portolan.graphs.training;

import io.portolan.checkpoints.files.OutputFile;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws loss and accuracy over the steps of a run into {@value #FILE} whenever the run is saved after an evaluation.
 * Java's text rendering needs font libraries that some servers lack; no curves are drawn there.
 */
public final class TrainingCurves implements TrainingListener {
    private static final String FILE = "curves.png";
    private static final int WIDTH = 720;
    private static final int HEIGHT = 480;
    /** Largest number of points; more are averaged in groups, because single batches are mostly noise. */
    private static final int POINTS = 200;

    private static final Color TRAINING = new Color(0x9DB4C8);
    private static final Color VALIDATION = new Color(0xC8553D);

    private final Path folder;
    private long drawn;

    public TrainingCurves(Path folder) {
        this.folder = folder;
    }

    @Override
    public void saved(TrainingState state) throws IOException {
        if (state.position().measured() > drawn) {
            drawn = state.position().measured();
            try {
                draw(MetricsLog.read(folder));
            } catch (LinkageError | InternalError noFonts) {
                drawn = Long.MAX_VALUE;
            }
        }
    }

    private void draw(List<MetricsRow> rows) throws IOException {
        XYChart loss = chart("Loss", "cross-entropy", rows, MetricsRow::loss);
        XYChart accuracy = chart("Accuracy", "share of correct answers", rows, MetricsRow::accuracy);
        loss.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
        accuracy.getStyler().setLegendPosition(Styler.LegendPosition.InsideSE);
        accuracy.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
        BufferedImage image = new BufferedImage(2 * WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.drawImage(BitmapEncoder.getBufferedImage(loss), 0, 0, null);
        graphics.drawImage(BitmapEncoder.getBufferedImage(accuracy), WIDTH, 0, null);
        graphics.dispose();
        OutputFile.replace(folder.resolve(FILE), out -> ImageIO.write(image, "png", out));
    }

    private static XYChart chart(
            String title, String unit, List<MetricsRow> rows, Function<MetricsRow, Double> metric) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("step")
                .yAxisTitle(unit)
                .build();
        chart.getStyler().setChartBackgroundColor(Color.WHITE).setPlotBorderVisible(false);
        chart.getStyler().setPlotGridLinesColor(new Color(0xE6E6E6)).setXAxisDecimalPattern("#,##0");
        List<MetricsRow> training = select(rows, true, metric);
        List<MetricsRow> validation = select(rows, false, metric);
        if (!training.isEmpty()) {
            int group = (training.size() + POINTS - 1) / POINTS;
            List<Double> steps = means(training, group, row -> (double) row.step());
            String name = group == 1 ? "training, each batch" : "training, mean of " + group + " batches";
            XYSeries series = chart.addSeries(name, steps, means(training, group, metric));
            series.setMarker(SeriesMarkers.NONE).setLineColor(TRAINING).setLineStyle(new BasicStroke(1.5f));
        }
        if (!validation.isEmpty()) {
            List<Double> steps = means(validation, 1, row -> (double) row.step());
            XYSeries series = chart.addSeries("validation", steps, means(validation, 1, metric));
            series.setMarker(SeriesMarkers.CIRCLE)
                    .setMarkerColor(VALIDATION)
                    .setLineColor(VALIDATION)
                    .setLineStyle(new BasicStroke(2.5f));
        }
        return chart;
    }

    private static List<MetricsRow> select(
            List<MetricsRow> rows, boolean training, Function<MetricsRow, Double> metric) {
        return rows.stream()
                .filter(row -> row.isTraining() == training && metric.apply(row) != null)
                .toList();
    }

    private static List<Double> means(List<MetricsRow> rows, int group, Function<MetricsRow, Double> metric) {
        List<Double> means = new ArrayList<>();
        for (int start = 0; start < rows.size(); start += group) {
            means.add(rows.subList(start, Math.min(rows.size(), start + group)).stream()
                    .mapToDouble(metric::apply)
                    .average()
                    .orElseThrow());
        }
        return means;
    }
}
