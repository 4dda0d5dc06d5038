package io.portolan.exporter.comparison;

import io.portolan.graphs.training.RunMetrics;
import java.util.List;
import java.util.Map;

/**
 * A row of the table.
 *
 * @param note of the plan
 * @param model the whole configuration
 * @param runs the finished runs, at least one
 */
public record ModelResult(String name, String note, Map<String, Object> model, OnnxFigures onnx, List<RunResult> runs) {
    public ModelResult {
        runs = List.copyOf(runs);
    }

    /** Share of right answers on the test part. */
    public Spread accuracy() {
        return Spread.of(runs, RunResult::accuracy);
    }

    /** Speed of training. */
    public Spread imagesPerSecond() {
        return Spread.of(runs, run -> run.training().imagesPerSecond());
    }

    /** Time of the training steps of one run. */
    public Spread seconds() {
        return Spread.of(runs, run -> run.training().seconds());
    }

    public long steps() {
        return runs.get(0).steps();
    }

    public long parameters() {
        return runs.get(0).parameters();
    }

    /** Mean accuracy on the validation part at an evaluation; NaN where no run has one. */
    public double validationAccuracy(long step) {
        return runs.stream()
                .flatMap(run -> run.training().validation().stream())
                .filter(point -> point.step() == step)
                .mapToDouble(RunMetrics.Point::accuracy)
                .average()
                .orElse(Double.NaN);
    }
}
