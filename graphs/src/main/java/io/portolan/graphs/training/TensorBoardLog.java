package io.portolan.graphs.training;

import io.portolan.graphs.data.tfrecord.TfRecordWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;

/** Writes metrics for TensorBoard: one event file for each start of a run. */
public final class TensorBoardLog implements TrainingListener, Closeable {
    private static final String VERSION = "brain.Event:2";

    private final TfRecordWriter events;

    private TensorBoardLog(TfRecordWriter events) {
        this.events = events;
    }

    /**
     * Starts an event file. TensorBoard then discards what older files hold on steps that will be taken again.
     *
     * @param steps number of steps taken so far
     */
    public static TensorBoardLog open(Path folder, long steps) throws IOException {
        long now = System.currentTimeMillis();
        String name = String.format(Locale.ROOT, "events.out.tfevents.%010d.%03d.portolan", now / 1000, now % 1000);
        TensorBoardLog log = new TensorBoardLog(TfRecordWriter.create(folder.resolve(name)));
        log.write(Event.newBuilder().setFileVersion(VERSION));
        if (steps > 0) {
            log.write(Event.newBuilder()
                    .setStep(steps + 1)
                    .setSessionLog(SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START)));
        }
        return log;
    }

    @Override
    public void stepped(StepReport report) throws IOException {
        StepResult result = report.result();
        write(
                result.step(),
                Map.of(
                        "train/loss", result.loss(),
                        "train/accuracy", result.accuracy(),
                        "train/gradient_norm", result.gradientNorm(),
                        "train/learning_rate", result.learningRate(),
                        "train/images_per_second", report.imagesPerSecond()));
    }

    @Override
    public void evaluated(EvaluationReport report) throws IOException {
        if (report.validation().isPresent()) {
            Evaluation evaluation = report.validation().get();
            write(report.step(), Map.of("val/loss", evaluation.loss(), "val/accuracy", evaluation.accuracy()));
        }
    }

    @Override
    public void close() throws IOException {
        events.close();
    }

    private void write(long step, Map<String, Double> scalars) throws IOException {
        Summary.Builder summary = Summary.newBuilder();
        scalars.forEach((tag, value) ->
                summary.addValue(Summary.Value.newBuilder().setTag(tag).setSimpleValue(value.floatValue())));
        write(Event.newBuilder().setStep(step).setSummary(summary));
    }

    private void write(Event.Builder event) throws IOException {
        events.write(event.setWallTime(System.currentTimeMillis() / 1e3).build().toByteArray());
    }
}
