package io.portolan.graphs.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.data.error.DatasetException;
import io.portolan.images.PreprocessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PngFolderTest {
    private static final Optional<ImageSize> SMALL = Optional.of(new ImageSize(64, 64));

    @TempDir
    private Path root;

    @Test
    void imagesBecomeExactlyTheValuesThatTheReferenceStored() throws IOException {
        try (Dataset images = PngFolder.open(Resources.images(), SMALL);
                Dataset records = TfRecordDataset.open(List.of(Resources.records()), Optional.empty())) {
            assertThat(Sample.all(images)).isEqualTo(Sample.all(records));
        }
    }

    @Test
    void negativesComeFirstAndEachInTheOrderOfNames() throws IOException {
        Path images = root.resolve("curv_contour_length_9/imgs");
        for (String name : List.of("neg/b", "neg/a10", "neg/a9", "pos/a")) {
            place(images, name + ".png", name.startsWith("pos") ? "pos/sample_14.png" : "neg/sample_29.png");
        }
        Files.writeString(images.resolve("neg/notes.txt"), "no image");
        try (PngFolder folder = PngFolder.open(root, SMALL)) {
            assertThat(Sample.all(folder)).extracting(Sample::label).containsExactly(0, 0, 0, 1);
            assertThat(folder.difficulty()).isEqualTo("9");
        }
        Files.write(images.resolve("neg/a9.png"), new byte[] {1});
        try (Dataset folder = PngFolder.open(root, SMALL)) {
            assertThatThrownBy(() -> Sample.of(folder, 1))
                    .isInstanceOf(PreprocessingException.class)
                    .hasMessageContaining("a9.png");
            assertThat(Sample.of(folder, 0).label()).isZero();
        }
    }

    @Test
    void withoutASizeTheImagesKeepTheirs() throws IOException {
        try (Dataset images = PngFolder.open(Resources.images(), Optional.empty())) {
            assertThat(images.input().sampleShape()).containsExactly(300, 300, 3);
        }
    }

    @Test
    void aFolderWithoutImagesOrWithAChoiceIsRefused() throws IOException {
        assertThatThrownBy(() -> PngFolder.open(root, SMALL))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(root.toString());
        Files.createDirectories(root.resolve("curv_contour_length_9/imgs/neg"));
        assertThatThrownBy(() -> PngFolder.open(root, SMALL)).hasMessageContaining("holds no images");
        Files.createDirectories(root.resolve("curv_contour_length_14/imgs/neg"));
        assertThatThrownBy(() -> PngFolder.open(root, SMALL))
                .hasMessageContaining("several")
                .hasMessageContaining("curv_contour_length_14");
    }

    private static void place(Path images, String name, String source) throws IOException {
        Path target = images.resolve(name);
        Files.createDirectories(target.getParent());
        Files.copy(Resources.images().resolve(source), target);
    }
}
