package io.portolan.graphs.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.data.error.DatasetException;
import io.portolan.graphs.data.pathfinder.Difficulty;
import io.portolan.images.ImageInput;
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
            ArrayData positive =
                    NpzArchive.read(Resources.path("neg_pos_224.npz")).get("pos");
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
            assertThat(Sample.of(small, 1).values())
                    .anyMatch(value -> value > 1)
                    .allMatch(value -> value < 2.7f);
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

    @Test
    void videosAreLoadedFrameByFrame() throws IOException {
        Path file = new NpzBuilder()
                .array("images", "<f4", 2, 3, 1, 2, 3)
                .array("labels", "<i4", 2)
                .write(folder.resolve("v.npz"));
        try (Dataset videos = NpzDataset.open(file, Optional.empty())) {
            assertThat(videos.input()).isEqualTo(ImageInput.video(3, 1, 2));
            assertThat(Sample.of(videos, 1).values())
                    .hasSize(18)
                    .startsWith(18f, 19f)
                    .endsWith(35f);
        }
        assertThatThrownBy(() -> NpzDataset.open(file, Optional.of(new ImageSize(8, 8))))
                .hasMessageContaining("videos");
    }

    @Test
    void oneGreyImageOfEachLabelIsADataSet() throws IOException {
        Path file = new NpzBuilder()
                .array("pos", "|u1", 4, 5)
                .array("neg", "|u1", 4, 5)
                .write(folder.resolve("two.npz"));
        try (Dataset two = NpzDataset.open(file, Optional.empty())) {
            assertThat(Sample.all(two)).extracting(Sample::label).containsExactly(0, 1);
            assertThat(two.input()).isEqualTo(ImageInput.still(4, 5));
        }
    }

    @Test
    void arraysThatDoNotFitTogetherAreRefused() throws IOException {
        assertRefused(
                new NpzBuilder().array("images", "|u1", 3, 4, 4).array("labels", "<i4", 2), "3 images and 2 labels");
        assertRefused(new NpzBuilder().array("images", "|u1", 3, 4, 4).array("labels", "<f4", 3), "integers");
        assertRefused(
                new NpzBuilder().array("images", "|u1", 3, 4, 4).array("labels", "<i4", 3, 1),
                "one integer label for each");
        assertRefused(
                new NpzBuilder().array("images", "|u1", 3, 0, 4).array("labels", "<i4", 3), "expected uint8 (N,H,W)");
        assertRefused(
                new NpzBuilder().array("images", "<f4", 3, 4, 4, 1).array("labels", "<i4", 3), "float32 (N,H,W,3)");
        assertRefused(new NpzBuilder().array("images", "|u1", 0, 4, 4).array("labels", "<i4", 0), "holds no images");
        assertRefused(new NpzBuilder().array("pos", "|u1", 4, 4).array("neg", "|u1", 4, 5), "different forms");
    }

    private void assertRefused(NpzBuilder archive, String problem) throws IOException {
        Path file = archive.write(folder.resolve("wrong.npz"));
        assertThatThrownBy(() -> NpzDataset.open(file, Optional.empty()))
                .isInstanceOf(DatasetException.class)
                .hasMessageContainingAll("wrong.npz", problem);
    }
}
