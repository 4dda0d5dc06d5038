package io.portolan.exporter.comparison;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came out of a comparison so far.
 *
 * @param trainingImages size of the training part
 * @param models those with a finished run, in the order of the plan
 * @param plannedRuns number of runs in the plan
 */
public record ComparisonResult(
        ComparisonPlan plan, Machine machine, int trainingImages, List<ModelResult> models, int plannedRuns) {
    public ComparisonResult {
        models = List.copyOf(models);
    }

    /** Number of finished runs. */
    public int finishedRuns() {
        return models.stream().mapToInt(model -> model.runs().size()).sum();
    }

    /** Whether every run of the plan is finished. */
    public boolean isComplete() {
        return finishedRuns() == plannedRuns;
    }

    /** The result as data for JSON. */
    public Map<String, Object> toMap() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("plan", plan);
        fields.put("machine", machine);
        fields.put("training_images", trainingImages);
        fields.put("planned_runs", plannedRuns);
        fields.put("finished_runs", finishedRuns());
        fields.put("models", models.stream().map(ComparisonResult::describe).toList());
        return fields;
    }

    private static Map<String, Object> describe(ModelResult model) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", model.name());
        fields.put("model", model.model());
        fields.put("parameters", model.parameters());
        fields.put("steps", model.steps());
        fields.put("test_accuracy", model.accuracy());
        fields.put("training_images_per_second", model.imagesPerSecond());
        fields.put("training_seconds", model.seconds());
        fields.put("onnx_bytes", model.onnx().bytes());
        fields.put("onnx_milliseconds", model.onnx().milliseconds());
        fields.put("onnx_threads", model.onnx().threads());
        fields.put("runs", model.runs().stream().map(ComparisonResult::describe).toList());
        return fields;
    }

    private static Map<String, Object> describe(RunResult run) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("seed", run.seed());
        fields.put("test_accuracy", run.accuracy());
        fields.put("test_loss", run.loss());
        fields.put("test_images", run.testImages());
        fields.put("images_per_second", run.training().imagesPerSecond());
        fields.put("seconds", run.training().seconds());
        fields.put("validation", run.training().validation());
        return fields;
    }
}
