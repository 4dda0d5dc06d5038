package io.portolan.graphs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.data.Dataset;
import io.portolan.graphs.data.tfrecord.TfRecordFile;
import io.portolan.images.ImageInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;

/** The files that a run leaves when it completes, is stopped or fails. */
class TrainerTest {
    /** Two epochs, and two steps of the third. */
    private static final int STEPS = 2 * TinyRun.BATCHES + 2;

    @TempDir
    private Path folder;

    @Test
    void aRunCutInTwoEqualsARunInOne() throws IOException {
        Path whole = Files.createDirectory(folder.resolve("whole"));
        Path cut = Files.createDirectory(folder.resolve("cut"));
        assertThat(new TinyRun(whole).start(STEPS, () -> false)).isTrue();

        AtomicInteger asked = new AtomicInteger();
        TinyRun first = new TinyRun(cut);
        assertThat(first.start(STEPS, () -> asked.incrementAndGet() > 10)).isFalse();
        assertThat(first.steps()).hasSizeBetween(TinyRun.BATCHES + 1, 2 * TinyRun.BATCHES - 1);
        // A process that was killed rather than stopped has written more lines than its state counts.
        String late = "{\"step\":11,\"epoch\":3,\"split\":\"train\"}\n{\"st";
        Files.writeString(cut.resolve("metrics.jsonl"), late, StandardOpenOption.APPEND);
        assertThat(new TinyRun(cut).resume(STEPS)).isTrue();

        TrainingState expected = TrainingState.read(RunFolder.state(whole));
        TrainingState actual = TrainingState.read(RunFolder.state(cut));
        assertThat(actual.session().counters()).isEqualTo(expected.session().counters());
        assertThat(actual.position()).isEqualTo(expected.position());
        assertThat(actual.session().arrays()).isEqualTo(expected.session().arrays());
        assertThat(actual.session().arrays().keySet())
                .anyMatch(path -> path.startsWith("adam_m/"))
                .anyMatch(path -> path.startsWith("adam_v/"))
                .anyMatch(path -> path.startsWith("average/"));
        assertThat(cut.resolve("best.pkl")).hasSameBinaryContentAs(whole.resolve("best.pkl"));
        assertThat(cut.resolve("last.pkl")).hasSameBinaryContentAs(whole.resolve("last.pkl"));
        assertThat(withoutSpeed(cut)).isEqualTo(withoutSpeed(whole));
    }

    @Test
    void aRunLeavesFilesThatOthersRead() throws IOException {
        TinyRun run = new TinyRun(folder);
        run.start(STEPS, () -> false);

        List<MetricsRow> rows = MetricsLog.read(folder);
        assertThat(rows.stream().filter(MetricsRow::isTraining).map(MetricsRow::step))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, STEPS).boxed().toList());
        assertThat(rows.stream().filter(row -> !row.isTraining()).map(MetricsRow::step))
                .containsExactly(5L, 10L, 12L);
        assertThat(rows.get(0).loss()).isEqualTo(run.steps().get(0).result().loss());
        List<String> csv = Files.readAllLines(folder.resolve("metrics.csv"));
        assertThat(csv).hasSize(rows.size() + 1).allMatch(line -> line.split(",", -1).length == 9);
        assertThat(csv.get(6))
                .startsWith("5,1,val,"
                        + run.evaluations().get(0).validation().orElseThrow().loss() + ",");

        assertThat(events()).filteredOn(event -> event.hasSummary()).hasSize(rows.size());
        assertThat(events().get(0).getFileVersion()).isEqualTo("brain.Event:2");
        Event step = events().get(1);
        assertThat(step.getStep()).isEqualTo(1);
        assertThat(step.getSummary().getValueList()).anySatisfy(value -> {
            assertThat(value.getTag()).isEqualTo("train/loss");
            assertThat((double) value.getSimpleValue()).isEqualTo(rows.get(0).loss());
        });
        assertThat(ImageIO.read(folder.resolve("curves.png").toFile()).getWidth())
                .isEqualTo(1440);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".part"));
        }
    }

    @Test
    void theLastWeightsAreTheAveragesAndDescribeThemselves() throws IOException {
        new TinyRun(folder).start(TinyRun.BATCHES, () -> false);
        Checkpoint last = Checkpoints.read(folder.resolve("last.pkl"));
        TrainingState state = TrainingState.read(RunFolder.state(folder));
        assertThat(last.epoch()).hasValue(0);
        assertThat(last.step()).hasValue(TinyRun.BATCHES);
        last.parameters()
                .arrays()
                .forEach((path, array) ->
                        assertThat(array).isEqualTo(state.session().arrays().get("average/" + path)));
        assertThat(ConfigResolver.resolve(last, Map.of(), Optional.empty())).isEqualTo(TinyRun.MODEL);
        assertThat(List.copyOf(last.parameters().arrays().keySet()))
                .isEqualTo(List.copyOf(TinyRun.initial().parameters().arrays().keySet()));
    }

    @Test
    void stepsWithoutFiniteGradientsAreSkippedUntilTheSixthAndThenTheRunEnds() throws IOException {
        TinyRun run = new TinyRun(folder, new BrokenImages());
        assertThatThrownBy(() -> run.start(20, () -> false))
                .isInstanceOf(TrainingException.class)
                .hasMessageContainingAll("step 7", "loss is NaN", folder.toString());
        assertThat(run.steps())
                .extracting(report -> report.result().applied())
                .containsExactly(false, false, false, false, false, true, true);
        assertThat(run.steps()).noneMatch(report -> report.result().finite());
        // An epoch has five steps: the state saved after it precedes the update that made the weights NaN.
        TrainingState saved = TrainingState.read(RunFolder.state(folder));
        assertThat(saved.session().counters()).isEqualTo(new SessionState.Counters(5, 0, 5));
        assertThat(saved.session().weights().parameters())
                .isEqualTo(TinyRun.initial().parameters());
    }

    @Test
    void aBatchThatIsLargerThanTheDataIsRefused() {
        TinyRun run = new TinyRun(folder, TinyRun.pictures(1, TinyRun.BATCH - 1));
        assertThatThrownBy(() -> run.start(1, () -> false))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("smaller batch");
    }

    private List<Event> events() throws IOException {
        Path file;
        try (Stream<Path> files = Files.list(folder)) {
            file = files.filter(path -> path.toString().contains("tfevents"))
                    .findFirst()
                    .orElseThrow();
        }
        List<Event> events = new ArrayList<>();
        try (TfRecordFile records = TfRecordFile.open(file)) {
            for (int i = 0; i < records.size(); i++) {
                events.add(Event.parseFrom(records.read(i)));
            }
        }
        return events;
    }

    private static List<String> withoutSpeed(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("metrics.csv")).stream()
                .map(line -> line.substring(0, line.lastIndexOf(',')))
                .toList();
    }

    /** Images that contain only NaN. */
    private static final class BrokenImages implements Dataset {
        @Override
        public int size() {
            return TinyRun.BATCH * TinyRun.BATCHES;
        }

        @Override
        public ImageInput input() {
            return ImageInput.still(28, 28);
        }

        @Override
        public int load(int index, float[] target, int offset) {
            Arrays.fill(target, offset, offset + sampleSize(), Float.NaN);
            return index % 2;
        }
    }
}
