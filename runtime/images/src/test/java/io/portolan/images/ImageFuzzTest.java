package io.portolan.images;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as an image. A replay of the samples normally; a search for worse with the profile "fuzz". */
@Tag("fuzz")
class ImageFuzzTest {
    private static final long MAX_PIXELS = 1 << 16;
    private static final ImagePreprocessor PREPROCESSOR = new ImagePreprocessor(8, 8, Normalization.IMAGENET);

    @MethodSource("samples")
    @FuzzTest(maxDuration = "10m")
    void anyBytesAreAnImageOrRefused(byte[] bytes) {
        if (bytes == null) {
            return;
        }
        try {
            PREPROCESSOR.preprocess("it", new ByteArrayInputStream(bytes), MAX_PIXELS);
        } catch (PreprocessingException refused) {
            String message = refused.getMessage();
            if (!message.startsWith("it: ") || message.contains("\n") || message.contains("Exception")) {
                throw new AssertionError("a refusal that does not help: " + message, refused);
            }
        }
    }

    static List<byte[]> samples() throws IOException {
        List<byte[]> samples = new ArrayList<>();
        for (String name :
                List.of("whole.jpg", "progressive.jpg", "grey.jpg", "restarts.jpg", "exif.jpg", "tiff-strip-dos.tif")) {
            samples.add(Files.readAllBytes(TestImages.file("/images/" + name)));
        }
        samples.add(new PngBuilder().header(4, 1, 8, 0, false).zeros(5).end());
        samples.add(new PngBuilder()
                .header(9, 7, 16, 6, true)
                .chunk("tEXt", (byte) 'a')
                .zeros(2000)
                .end());
        samples.add(new PngBuilder()
                .header(9, 7, 2, 3, false)
                .chunk("PLTE", new byte[12])
                .zeros(40)
                .end());
        return samples;
    }
}
