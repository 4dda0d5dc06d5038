package io.portolan.graphs.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the metrics of a run's folder say about the whole run.
 *
 * @param validation the evaluations in their order; those whose loss was not finite are left out
 * @param imagesPerSecond median speed of the training steps, loading included; other work of the machine and
 *     interruptions hardly change it
 * @param seconds the time that the training steps took together, without evaluations
 */
public record RunMetrics(List<Point> validation, double imagesPerSecond, double seconds) {
    /** An evaluation on the validation part. */
    public record Point(long step, double loss, double accuracy) {}

    public RunMetrics {
        validation = List.copyOf(validation);
    }

    /**
     * Reads the metrics of a run.
     *
     * @param batch samples in a step
     * @throws IOException if the file cannot be read
     */
    public static RunMetrics read(Path folder, int batch) throws IOException {
        List<MetricsRow> rows = MetricsLog.read(folder);
        List<Point> points = rows.stream()
                .filter(row -> !row.isTraining() && row.loss() != null && row.accuracy() != null)
                .map(row -> new Point(row.step(), row.loss(), row.accuracy()))
                .toList();
        double[] speeds = rows.stream()
                .filter(row -> row.isTraining() && row.imagesPerSecond() != null)
                .mapToDouble(MetricsRow::imagesPerSecond)
                .sorted()
                .toArray();
        double seconds = 0;
        for (double speed : speeds) {
            seconds += batch / speed;
        }
        return new RunMetrics(points, speeds.length == 0 ? 0 : speeds[speeds.length / 2], seconds);
    }
}
