package io.portolan.graphs.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A line of the metrics. Fields that validation does not have are null, and so are numbers that are not finite.
 *
 * @param step the step after which, or in which, this was measured
 * @param epoch number of the epoch, from 1
 * @param split {@value #TRAINING} or {@value #VALIDATION}
 * @param applied whether the step changed the weights
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
    "step",
    "epoch",
    "split",
    "loss",
    "accuracy",
    "learning_rate",
    "gradient_norm",
    "applied",
    "images_per_second"
})
record MetricsRow(
        long step,
        int epoch,
        String split,
        Double loss,
        Double accuracy,
        @JsonProperty("learning_rate") Double learningRate,
        @JsonProperty("gradient_norm") Double gradientNorm,
        Boolean applied,
        @JsonProperty("images_per_second") Double imagesPerSecond) {
    static final String TRAINING = "train";
    static final String VALIDATION = "val";
    static final String HEADER = "step,epoch,split,loss,accuracy,learning_rate,gradient_norm,applied,images_per_second";

    static MetricsRow of(StepReport report) {
        StepResult step = report.result();
        return new MetricsRow(
                step.step(),
                report.epoch() + 1,
                TRAINING,
                finite(step.loss()),
                finite(step.accuracy()),
                finite(step.learningRate()),
                finite(step.gradientNorm()),
                step.applied(),
                finite(report.imagesPerSecond()));
    }

    static MetricsRow of(EvaluationReport report, Evaluation evaluation) {
        return new MetricsRow(
                report.step(),
                report.epoch() + 1,
                VALIDATION,
                finite(evaluation.loss()),
                finite(evaluation.accuracy()),
                null,
                null,
                null,
                finite(evaluation.imagesPerSecond()));
    }

    boolean isTraining() {
        return TRAINING.equals(split);
    }

    String toCsv() {
        return Stream.of(step, epoch, split, loss, accuracy, learningRate, gradientNorm, applied, imagesPerSecond)
                .map(value -> Objects.toString(value, ""))
                .collect(Collectors.joining(","));
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? (Double) value : null;
    }
}
