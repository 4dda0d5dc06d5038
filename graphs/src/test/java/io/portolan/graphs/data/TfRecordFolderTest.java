package io.portolan.graphs.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.data.error.DatasetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both layouts in which the reference's scripts write TFRecords. */
class TfRecordFolderTest {
    private static final String FIRST_SCRIPT = """
            {"difficulty": "14", "image_size": 64, "total_samples": 6, "train_ratio": 0.8, "val_ratio": 0.1, "seed": 42,
             "train_samples": 4, "train_shards": 2, "val_samples": 2, "val_shards": 1}""";
    private static final String SECOND_SCRIPT = """
            {"difficulty": "14", "image_size": 64, "train_samples": 4, "val_samples": 2, "test_samples": 0, "shard_size": 2,
             "normalization": "imagenet"}""";

    @TempDir
    private Path root;

    @ParameterizedTest
    @CsvSource({
        "train/shard_0000%d.tfrecord, val/shard_00000.tfrecord",
        "train/pathfinder_train_0000%d.tfrecord, val/pathfinder_val_00000.tfrecord",
        "pathfinder_train_0000%d.tfrecord, pathfinder_val_00000.tfrecord"
    })
    void shardsAreFoundUnderEitherName(String train, String val) throws IOException {
        shards("difficulty_14", train, val);
        for (Path path : List.of(root, root.resolve("difficulty_14"))) {
            try (DatasetSplits data = DatasetSplits.open(path, Optional.empty())) {
                assertThat(data.difficulty()).isEqualTo("14");
                assertThat(data.part(Split.TRAIN).size()).isEqualTo(4);
                assertThat(data.part(Split.VAL).size()).isEqualTo(2);
                assertThat(data.part(Split.TEST).size()).isZero();
                assertThat(data.all().size()).isEqualTo(6);
                assertThat(Sample.of(data.part(Split.TRAIN), 3)).isEqualTo(Sample.of(data.all(), 5));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {FIRST_SCRIPT, SECOND_SCRIPT})
    void metadataOfEitherScriptIsRead(String json) throws IOException {
        Path folder = shards("data", "train/shard_0000%d.tfrecord", "val/shard_00000.tfrecord");
        Files.writeString(folder.resolve("metadata.json"), json);
        try (DatasetSplits data = DatasetSplits.open(folder, Optional.empty())) {
            assertThat(data.difficulty()).isEqualTo("14");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"train_samples\": 4 | \"train_samples\": 5 | shard missing",
                "64 | 224 | 224 pixels",
                "64 | \"big\" | image_size",
                "imagenet | none | normalization",
                "\"14\" | \"../14\" | difficulty",
                "{ | [ | JSON"
            })
    void metadataThatIsWrongIsRefused(String right, String wrong, String problem) throws IOException {
        Path folder = shards("data", "train/shard_0000%d.tfrecord", "val/shard_00000.tfrecord");
        Files.writeString(folder.resolve("metadata.json"), SECOND_SCRIPT.replace(right, wrong));
        assertThatThrownBy(() -> DatasetSplits.open(folder, Optional.empty()))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(problem)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void aFileAloneIsADataSetThatTheReferencesSplitDivides() throws IOException {
        try (DatasetSplits data = DatasetSplits.open(Resources.records(), Optional.empty())) {
            assertThat(data.all().size()).isEqualTo(2);
            assertThat(data.part(Split.TRAIN).size()).isEqualTo(1);
        }
    }

    @Test
    void recordsAreResizedAsTheImagesThatTheyWereMadeOf() throws IOException {
        Optional<ImageSize> small = Optional.of(new ImageSize(24, 40));
        try (Dataset resized = TfRecordDataset.open(List.of(Resources.records()), small)) {
            assertThat(resized.input().sampleShape()).containsExactly(24, 40, 3);
            assertThat(Sample.of(resized, 1).values()).allMatch(value -> value > -2.2f && value < 2.7f);
        }
    }

    @Test
    void severalDifficultiesAreAChoice() throws IOException {
        shards("difficulty_9", "train/shard_0000%d.tfrecord", "val/shard_00000.tfrecord");
        shards("difficulty_14", "train/shard_0000%d.tfrecord", "val/shard_00000.tfrecord");
        assertThatThrownBy(() -> DatasetSplits.open(root, Optional.empty()))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("several")
                .hasMessageContaining("difficulty_9");
    }

    private Path shards(String name, String train, String val) throws IOException {
        Path folder = root.resolve(name);
        for (String file : List.of(train.formatted(0), train.formatted(1), val)) {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.copy(Resources.records(), folder.resolve(file));
        }
        return folder;
    }
}
