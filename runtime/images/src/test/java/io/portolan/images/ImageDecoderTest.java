package io.portolan.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are read in full or refused, and soon. */
@Timeout(30)
class ImageDecoderTest {
    private static final long MAX_PIXELS = 1L << 24;
    private static final byte[] ROW = {0, 10, 20, 30, 40};

    /** The means are those of Pillow 12.3; the JDK's decoder rounds differently by a level here and there. */
    @ParameterizedTest
    @CsvSource({
        "whole, 127.799",
        "progressive, 127.799",
        "grey, 127.809",
        "restarts, 127.799",
        "exif, 127.829",
        "profile, 127.829",
        "padded, 127.809",
        "odd-jfif, 127.809",
        "trailing, 127.809"
    })
    void readsWhatPillowReads(String name, double mean) throws IOException {
        Path file = TestImages.file("/images/" + name + ".jpg");
        assertThat(ImageDecoder.sizeOf(file)).isEqualTo(new Dimension(80, 64));
        byte[] grey = GreyConversion.convert(ImageDecoder.read(file)).pixels();
        assertThat(IntStream.range(0, grey.length)
                        .map(i -> grey[i] & 0xff)
                        .average()
                        .orElseThrow())
                .isCloseTo(mean, within(0.01));
        // What is left out does not change pixels.
        assertThat(grey)
                .isEqualTo(GreyConversion.convert(ImageIO.read(file.toFile())).pixels());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg-cut-half.jpg", "jpeg-zeroed.jpg"})
    void refusesDamagedPhotographs(String name) {
        assertThatThrownBy(() -> ImageDecoder.read(TestImages.file("/images/" + name)))
                .isInstanceOf(PreprocessingException.class)
                .message()
                .contains(name)
                .containsAnyOf("truncated", "damaged")
                .doesNotContain("\n");
    }

    /** With and without the marker of the end behind it; of a kind with restarts and one with scans that refine others. */
    @ParameterizedTest
    @ValueSource(strings = {"whole", "progressive", "grey", "restarts"})
    void refusesEveryCutAndOverwrittenJpeg(String name) throws IOException {
        byte[] file = Files.readAllBytes(TestImages.file("/images/" + name + ".jpg"));
        for (int length = 1; length < file.length; length += 37) {
            refused(Arrays.copyOf(file, length));
        }
        refused(Arrays.copyOf(file, file.length - 1));
        refused(Arrays.copyOf(file, file.length - 2));
        for (int tenths : new int[] {5, 7, 8}) {
            byte[] zeroed = file.clone();
            Arrays.fill(zeroed, file.length * tenths / 10, file.length, (byte) 0);
            refused(zeroed);
            byte[] ended = zeroed.clone();
            ended[file.length - 2] = (byte) 0xff;
            ended[file.length - 1] = (byte) 0xd9;
            refused(ended);
            byte[] cut = Arrays.copyOf(file, file.length * tenths / 10 + 2);
            cut[cut.length - 2] = (byte) 0xff;
            cut[cut.length - 1] = (byte) 0xd9;
            refused(cut);
        }
    }

    @Test
    void refusesDamagedPngAsPillowDoes() {
        byte[] rows = PngBuilder.deflated(ROW);
        assertThat(read(png().chunk("IDAT", rows).end()).getRaster().getSample(2, 0, 0))
                .isEqualTo(30);
        // All rows are there: Pillow reads these, too.
        read(png().chunk("IDAT", rows).bytes());
        read(png().chunk("IDAT", rows).chunk("tEXt", 1, (byte) 'a').end());
        read(png().chunk("IDAT", Arrays.copyOf(rows, 3))
                .chunk("IDAT")
                .chunk("IDAT", Arrays.copyOfRange(rows, 3, rows.length))
                .end());
        byte[] sound = png().chunk("IDAT", rows).end();
        read(Arrays.copyOf(sound, sound.length - 1));
        read(Arrays.copyOf(sound, sound.length + 5));
        for (int length = 1; length < sound.length - 12; length++) {
            refused(Arrays.copyOf(sound, length));
        }
        refused(png().end());
        refused(png().chunk("IDAT", 1, rows).end());
        refused(png().chunk("tEXt", 1, (byte) 'a').chunk("IDAT", rows).end());
        refused(png().chunk("IDAT", Arrays.copyOf(rows, 4))
                .chunk("tEXt")
                .chunk("IDAT", Arrays.copyOfRange(rows, 4, rows.length))
                .end());
        refused(png().chunk("IDAT", PngBuilder.deflated(Arrays.copyOf(ROW, 3))).end());
        refused(png().chunk("IDAT", PngBuilder.deflated((byte) 9, (byte) 1, (byte) 2, (byte) 3, (byte) 4))
                .end());
        byte[] otherSum = rows.clone();
        otherSum[rows.length - 1] ^= 1;
        refused(png().chunk("IDAT", otherSum).end());
        refused(new PngBuilder().chunk("IDAT", rows).end());
        refused(new PngBuilder().header(4, 1, 8, 3, false).chunk("IDAT", rows).end());
        refused(new PngBuilder().header(4, 1, 3, 0, false).chunk("IDAT", rows).end());
        assertThat(refused(png().chunk("CgBI").chunk("IDAT", rows).end()))
                .isInstanceOf(UnsupportedImageException.class);
    }

    private static PngBuilder png() {
        return new PngBuilder().header(4, 1, 8, 0, false);
    }

    @Test
    void refusesOtherFormatsByName() throws IOException {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        for (String format : new String[] {"BMP", "GIF", "TIFF"}) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            assertThat(ImageIO.write(image, format, bytes)).isTrue();
            assertThat(refused(bytes.toByteArray()))
                    .isInstanceOf(UnsupportedImageException.class)
                    .hasMessage("it: " + format + " is not supported; save the image as PNG or JPEG");
        }
        for (String file : new String[] {"tiff-strip-dos.tif", "picture.webp"}) {
            assertThatThrownBy(() -> ImageDecoder.read(TestImages.file("/images/" + file)))
                    .isInstanceOf(UnsupportedImageException.class);
        }
        assertThat(refused("Dear reader".getBytes(StandardCharsets.US_ASCII)))
                .isNotInstanceOf(UnsupportedImageException.class)
                .hasMessage("it: not an image; give a PNG or JPEG file");
        refused();
    }

    /** What is not looked at inflates to any size; rows beyond the last are not inflated either. */
    @Test
    void readsBesideBombs() {
        byte[] bomb = PngBuilder.deflatedZeros(200_000_000);
        byte[] named = new byte[bomb.length + 3];
        named[0] = 'k';
        System.arraycopy(bomb, 0, named, 3, bomb.length);
        byte[] rows = PngBuilder.deflatedZeros(5);
        read(png().chunk("zTXt", named).chunk("IDAT", rows).end());
        read(png().chunk("iCCP", named).chunk("IDAT", rows).end());
        read(png().chunk("IDAT", bomb).end());
    }

    /** The largest that is allowed, in the layouts that take most: soon done. */
    @ParameterizedTest
    @CsvSource({"16, 6, false", "16, 6, true", "1, 0, true"})
    void largeImagesTakeBoundedTime(int depth, int colour, boolean interlaced) {
        long rows = 4096L * (4096L * depth * (colour == 6 ? 4 : 1) / 8 + 1) + 200_000;
        BufferedImage image = read(new PngBuilder()
                .header(4096, 4096, depth, colour, interlaced)
                .zeros(rows)
                .end());
        assertThat(image.getWidth()).isEqualTo(4096);
        refused(new PngBuilder()
                .header(4097, 4096, depth, colour, interlaced)
                .zeros(rows)
                .end());
    }

    @Test
    void manyScansAreRefused() throws IOException {
        byte[] file = Files.readAllBytes(TestImages.file("/images/progressive.jpg"));
        int last = lastScan(file);
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        many.write(file, 0, file.length - 2);
        for (int scan = 0; scan < 2000; scan++) {
            many.write(file, last, file.length - 2 - last);
        }
        many.write(file, file.length - 2, 2);
        assertThat(refused(many.toByteArray())).hasMessageContaining("more than 100 scans");
    }

    private static int lastScan(byte... file) {
        int at = file.length - 2;
        while ((file[at] & 0xff) != 0xff || (file[at + 1] & 0xff) != 0xda) {
            at--;
        }
        return at;
    }

    @Test
    void othersOfJpegAreRefused() throws IOException {
        byte[] file = Files.readAllBytes(TestImages.file("/images/whole.jpg"));
        int frame = 2;
        while ((file[frame] & 0xff) != 0xff || (file[frame + 1] & 0xff) != 0xc0) {
            frame++;
        }
        file[frame + 1] = (byte) 0xc9;
        assertThat(refused(file)).isInstanceOf(UnsupportedImageException.class).hasMessageContaining("process 9");
        file[frame + 1] = (byte) 0xc0;
        file[frame + 5] = (byte) 0xff;
        file[frame + 7] = (byte) 0xff;
        assertThat(refused(file)).hasMessageContaining("too many");
    }

    private static BufferedImage read(byte... file) {
        return ImageDecoder.read("it", new ByteArrayInputStream(file), MAX_PIXELS);
    }

    private static Throwable refused(byte... file) {
        try {
            read(file);
        } catch (PreprocessingException refused) {
            assertThat(refused.getMessage()).startsWith("it: ").doesNotContain("\n", "Exception");
            return refused;
        }
        throw new AssertionError(file.length + " bytes were read as an image");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aDeviceIsNotOpened() {
        assertThatThrownBy(() -> ImageDecoder.read(Path.of("/dev/zero")))
                .isInstanceOf(PreprocessingException.class)
                .hasMessageContaining("/dev/zero: is a pipe, a socket or a device");
    }
}
