package io.portolan.graphs.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.ArrayData;
import io.portolan.checkpoints.CheckpointException;
import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.data.pathfinder.Difficulty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzDatasetTest {
    @TempDir
    private Path folder;

    @Test
    void theNotebooksArchivesHoldNegativesAndPositives() throws IOException {
        try (Dataset two = NpzDataset.open(Resources.path("neg_pos_224.npz"), Optional.empty())) {
            assertThat(Sample.all(two)).extracting(Sample::label).containsExactly(0, 1);
            ArrayData positive = NpzArchive.read(Resources.path("neg_pos_224.npz")).get("pos");
            float[] values = new float[two.sampleSize()];
            two.load(1, values, 0);
            assertThat(values).isEqualTo(positive.toFloats());
        }
        Path several = Resources.path("neg_images_pos_images_224.npz");
        try (Dataset eight = NpzDataset.open(several, Optional.empty())) {
            assertThat(Sample.all(eight)).extracting(Sample::label).containsExactly(0, 0, 0, 0, 1, 1, 1, 1);
            float[] values = new float[eight.sampleSize()];
            eight.load(6, values, 0);
            float[] positives = NpzArchive.read(several).get("pos_images").toFloats();
            assertThat(values).isEqualTo(Arrays.copyOfRange(positives, 2 * values.length, 3 * values.length));
        }
    }

    @Test
    void whatWasMadeOfGreyImagesCanBeResized() throws IOException {
        try (Dataset small = NpzDataset.open(Resources.path("neg_pos_224.npz"), Optional.of(new ImageSize(56, 56)))) {
            assertThat(small.input().sampleShape()).containsExactly(56, 56, 3);
            assertThat(Sample.of(small, 1).values()).anyMatch(value -> value > 1).allMatch(value -> value < 2.7f);
        }
    }

    @Test
    void imagesWithLabelsKeepTheirOrder() throws IOException {
        Path file = folder.resolve("generated.npz");
        try (DatasetSplits drawn = DatasetSplits.of(GeneratedDataset.of(Difficulty.EASIEST.options(), 1, 7), "4")) {
            DatasetFormat.NPZ.write(drawn, file, () -> {});
            try (Dataset read = NpzDataset.open(file, Optional.empty())) {
                assertThat(Sample.all(read)).isEqualTo(Sample.all(drawn.all()));
            }
        }
    }

    @Test
    void otherArchivesAreRefused() throws IOException {
        Path other = Resources.path("shuffle_orders.npz");
        assertThatThrownBy(() -> NpzDataset.open(other, Optional.empty()))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("expected images and labels");
        Path text = Files.writeString(folder.resolve("text.npz"), "no archive");
        assertThatThrownBy(() -> NpzDataset.open(text, Optional.empty())).isInstanceOf(CheckpointException.class);
    }
}
