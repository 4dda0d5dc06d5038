package io.portolan.cli;

import io.portolan.graphs.training.ArithmeticProof;
import io.portolan.graphs.training.Evaluation;
import io.portolan.graphs.training.EvaluationReport;
import io.portolan.graphs.training.StepReport;
import io.portolan.graphs.training.StepResult;
import io.portolan.graphs.training.TrainingListener;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows the progress of a run: a bar on a terminal, otherwise a line at intervals; and a line for each evaluation. */
final class TrainingDisplay implements TrainingListener, AutoCloseable {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
    private static final String CLEAR_LINE = "\r\u001b[K";
    /** Smoothing factor of the displayed figures, because those of single batches fluctuate. */
    private static final double INERTIA = 0.9;

    private final PrintWriter out;
    private final long steps;
    private final Optional<ProgressBar> bar;
    private double loss = Double.NaN;
    private double accuracy = Double.NaN;
    private double secondsPerStep = Double.NaN;
    private long lastLine = System.nanoTime();

    private TrainingDisplay(PrintWriter out, long steps, Optional<ProgressBar> bar) {
        this.out = out;
        this.steps = steps;
        this.bar = bar;
    }

    /**
     * @param first number of steps taken before
     * @param steps number of steps of the whole run
     */
    static TrainingDisplay of(PrintWriter out, long first, long steps) {
        if (System.console() == null) {
            return new TrainingDisplay(out, steps, Optional.empty());
        }
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("train")
                .setInitialMax(steps)
                .startsFrom(first, Duration.ZERO)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                // Stays on its line. The library's default for terminals would overwrite the lines printed in between.
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .clearDisplayOnFinish()
                .build();
        return new TrainingDisplay(out, steps, Optional.of(bar));
    }

    @Override
    public void arithmeticChecked(ArithmeticProof proof) {
        line(Tables.format(
                "checked on this machine: gradients within %.1e of float32 on the processor; rounding to bfloat16 makes %.1e",
                proof.distance(), proof.rounding()));
    }

    @Override
    public void stepped(StepReport report) {
        StepResult step = report.result();
        if (step.finite()) {
            loss = smooth(loss, step.loss());
            accuracy = smooth(accuracy, step.accuracy());
        } else {
            line(Tables.format(
                    "step %,d: the loss is %s and the gradients' norm %s; the weights were %s",
                    step.step(),
                    step.loss(),
                    step.gradientNorm(),
                    step.applied() ? "updated anyway, after too many such steps" : "left unchanged"));
        }
        secondsPerStep = smooth(secondsPerStep, report.seconds());
        String figures = Tables.format(
                "epoch %d  loss %.4f  accuracy %.1f %%  lr %.1e  %.0f images/s",
                report.epoch() + 1, loss, 100 * accuracy, step.learningRate(), report.images() / secondsPerStep);
        bar.ifPresent(shown -> shown.stepTo(step.step()).setExtraMessage("  " + figures));
        long now = System.nanoTime();
        if (bar.isEmpty() && now - lastLine > BETWEEN_LINES.toNanos()) {
            lastLine = now;
            line(Tables.format(
                    "step %,d/%,d  %s  %s left",
                    step.step(), steps, figures, duration((steps - step.step()) * secondsPerStep)));
        }
    }

    @Override
    public void evaluated(EvaluationReport report) {
        String measured = report.validation().map(TrainingDisplay::describe).orElse("no validation samples");
        line(Tables.format(
                "epoch %d, step %,d: training loss %.4f, accuracy %.1f %%; %s%s",
                report.epoch() + 1,
                report.step(),
                report.trainingLoss(),
                100 * report.trainingAccuracy(),
                measured,
                report.best() ? ", best so far" : ""));
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
    }

    private void line(String text) {
        bar.ifPresent(shown -> System.err.print(CLEAR_LINE));
        out.println(text);
    }

    private static String describe(Evaluation evaluation) {
        return Tables.format("validation loss %.4f, accuracy %.1f %%", evaluation.loss(), 100 * evaluation.accuracy());
    }

    private static double smooth(double before, double value) {
        return Double.isNaN(before) ? value : INERTIA * before + (1 - INERTIA) * value;
    }

    private static String duration(double seconds) {
        Duration time = Duration.ofSeconds(Math.round(seconds));
        return Tables.format("%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }
}
