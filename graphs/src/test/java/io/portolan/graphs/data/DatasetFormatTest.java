package io.portolan.graphs.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.data.error.DatasetException;
import io.portolan.graphs.data.pathfinder.Difficulty;
import io.portolan.images.ImageInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A round trip through any format keeps the samples. */
class DatasetFormatTest {
    private static final int COUNT = 23;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void samplesSurvive(DatasetFormat format) throws IOException {
        Path target = folder.resolve(format == DatasetFormat.NPZ ? "data.npz" : "data");
        AtomicInteger steps = new AtomicInteger();
        try (DatasetSplits drawn = drawn()) {
            format.write(drawn, target, steps::incrementAndGet);
            try (DatasetSplits read = DatasetSplits.open(target, Optional.empty())) {
                assertThat(Sample.all(read.all())).containsExactlyInAnyOrderElementsOf(Sample.all(drawn.all()));
            }
        }
        assertThat(steps).hasValue(COUNT);
    }

    @Test
    void recordsAreDividedAsTheReferenceDividesThem() throws IOException {
        try (DatasetSplits drawn = drawn()) {
            DatasetFormat.TFRECORD.write(drawn, folder.resolve("records"), () -> {});
            try (DatasetSplits read = DatasetSplits.open(folder.resolve("records"), Optional.empty())) {
                for (Split split : Split.values()) {
                    List<Sample> expected = new ArrayList<>();
                    for (int index : ReferenceSplit.of(COUNT).indices(split)) {
                        expected.add(Sample.of(drawn.all(), index));
                    }
                    assertThat(Sample.all(read.part(split))).isEqualTo(expected);
                }
            }
        }
        assertThat(folder.resolve("records/difficulty_4/val/shard_00000.tfrecord"))
                .isRegularFile();
        assertThat(Files.readString(folder.resolve("records/difficulty_4/metadata.json")))
                .isEqualToIgnoringWhitespace("""
                {"difficulty": "4", "image_size": 64, "total_samples": 23, "train_ratio": 0.8, "val_ratio": 0.1, "seed": 42,
                 "train_samples": 18, "train_shards": 1, "val_samples": 2, "val_shards": 1, "test_samples": 3, "test_shards": 1}""");
    }

    @Test
    void theReferencesOwnImagesMakeTheReferencesRecords() throws IOException {
        try (DatasetSplits images = DatasetSplits.open(Resources.images(), Optional.of(new ImageSize(64, 64)));
                DatasetSplits records = DatasetSplits.open(Resources.records(), Optional.empty())) {
            DatasetFormat.TFRECORD.write(images.named("14"), folder.resolve("records"), () -> {});
            try (DatasetSplits read = DatasetSplits.open(folder.resolve("records"), Optional.empty())) {
                assertThat(Sample.all(read.all())).containsExactlyInAnyOrderElementsOf(Sample.all(records.all()));
            }
        }
    }

    @Test
    void aSplitWithoutSamplesIsLeftOut() throws IOException {
        try (DatasetSplits images = DatasetSplits.open(Resources.images(), Optional.of(new ImageSize(32, 32)))) {
            DatasetFormat.TFRECORD.write(images.named("14"), folder.resolve("records"), () -> {});
        }
        assertThat(folder.resolve("records/difficulty_14/val")).doesNotExist();
        assertThat(folder.resolve("records/difficulty_14/metadata.json"))
                .content()
                .doesNotContain("val_samples");
    }

    @ParameterizedTest
    @EnumSource(names = {"PNG", "NPZ"})
    void whatIsNoGreyImageIsNotRoundedToOne(DatasetFormat format) {
        DatasetSplits halves = DatasetSplits.of(
                new Dataset() {
                    @Override
                    public int size() {
                        return 1;
                    }

                    @Override
                    public ImageInput input() {
                        return ImageInput.still(1, 1);
                    }

                    @Override
                    public int load(int index, float[] target, int offset) {
                        target[offset] = 0.5f;
                        return 0;
                    }
                },
                "1");
        assertThatThrownBy(() -> format.write(halves, folder.resolve("data"), () -> {}))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("sample 0")
                .hasMessageContaining("tfrecord");
    }

    private static DatasetSplits drawn() throws DatasetException {
        return DatasetSplits.of(GeneratedDataset.of(Difficulty.EASIEST.options(), 5, COUNT), "4");
    }
}
