package io.portolan.graphs.data;

import io.portolan.graphs.data.error.DatasetException;
import io.portolan.images.ImageInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Writes the published layout of PNG files. */
final class PngFolderWriter {
    private PngFolderWriter() {}

    static void write(DatasetSplits data, Path target, Runnable progress) throws IOException {
        Path images =
                target.resolve(PngFolder.DIFFICULTY_PREFIX + data.difficulty()).resolve(PngFolder.IMAGES);
        for (String label : PngFolder.LABELS) {
            Files.createDirectories(images.resolve(label));
        }
        ImageInput input = data.all().input();
        // All names have the same number of digits, so that sorting by name keeps the order of samples.
        String pattern = "sample_%0" + Integer.toString(data.all().size() - 1).length() + "d.png";
        SampleLoop.run(data.all(), progress, (index, values, label) -> {
            if (label >= PngFolder.LABELS.size()) {
                throw new DatasetException(
                        "sample " + index + " has label " + label + "; PNG folders support only 0 and 1");
            }
            Path file = images.resolve(PngFolder.LABELS.get(label)).resolve(String.format(pattern, index));
            byte[] pixels = SampleLoop.grey(index, values);
            ImageIO.write(GreyInput.image(pixels, input.height(), input.width()), "png", file.toFile());
        });
    }
}
