package io.portolan.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.numpy.VoidTypeException;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The types of ml_dtypes in every format: {@code [[0, 1, 0], [1, 0, 1]]} as Python wrote it, and round trips. */
class SmallTypesTest {
    private static final List<String> SAMPLES =
            List.of("lab-np-%s.npz", "lab-np-%s.pkl", "lab-jax-%s.pkl", "lab-flax-%s.msgpack", "lab-st-%s.safetensors");

    @TempDir
    private Path folder;

    static Stream<ElementType> extensions() {
        return Arrays.stream(ElementType.values()).filter(ElementType::isExtension);
    }

    static Stream<Path> samples() {
        return extensions()
                .flatMap(type -> SAMPLES.stream().map(name -> String.format(name, type.label())))
                .flatMap(name -> Stream.ofNullable(SmallTypesTest.class.getResource("/formats/wild/" + name))
                        .map(found -> FormatSample.file("wild/" + name)));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everySampleIsRead(Path sample) throws IOException {
        String name = sample.getFileName().toString();
        ElementType type = ElementType.named(name.substring(name.indexOf('-', 4) + 1, name.lastIndexOf('.')))
                .orElseThrow();
        ArrayData array = read(sample, ReadOptions.defaults().withVoidTypes(type))
                .find("w")
                .orElseThrow();

        assertThat(array.type()).isEqualTo(type);
        assertThat(array.shape()).containsExactly(2, 3);
        // A single bit with a sign is 0 or -1.
        double one = type == ElementType.INT1 ? -1 : 1;
        assertThat(new double[] {array.doubleAt(1), array.doubleAt(3), array.doubleAt(5)})
                .containsExactly(one, one, one);
        if (type != ElementType.FLOAT8_E8M0FNU) {
            assertThat(new double[] {array.doubleAt(0), array.doubleAt(2), array.doubleAt(4)})
                    .containsExactly(0, 0, 0);
        }
    }

    @ParameterizedTest
    @MethodSource("extensions")
    void everyFormatKeepsEveryPattern(ElementType type) throws IOException {
        byte[] patterns = new byte[256 * type.bytes()];
        for (int i = 0; i < patterns.length; i++) {
            patterns[i] = (byte) i;
        }
        ArrayData array = ArrayData.of(type, new long[] {2, 128}, ByteBuffer.wrap(patterns));
        for (CheckpointFormat format : Formats.WRITABLE) {
            Path file = folder.resolve("a." + format.label());
            Checkpoints.write(
                    new Checkpoint(
                            ParameterTree.of(Map.of("w", array)),
                            ParameterTree.empty(),
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            Map.of()),
                    file,
                    format);
            assertThat(read(file, ReadOptions.defaults()).find("w")).contains(array);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lab-jnp-savez.npz", "lab-np-float8_e4m3fnuz.npz", "lab-np-int4.npz"})
    void aTypeThatTheFileDoesNotStateIsAskedFor(String sample) {
        assertThatThrownBy(() -> Checkpoints.read(FormatSample.file("wild/" + sample)))
                .isInstanceOf(VoidTypeException.class)
                .hasMessageContaining("!'params/w.npy': elements of type '<V")
                .hasMessageContaining("expected to be told their type");
    }

    @Test
    void aTypeOfAnotherSizeDoesNotHelp() {
        ReadOptions options = ReadOptions.defaults().withVoidTypes(ElementType.FLOAT8_E5M2);

        assertThatThrownBy(() -> Checkpoints.read(FormatSample.file("wild/lab-jnp-savez.npz"), options))
                .isInstanceOf(VoidTypeException.class);
        assertThatThrownBy(() -> options.withVoidTypes(ElementType.INT4, ElementType.UINT4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("int4 and uint4 have elements of 1 bytes");
        assertThatThrownBy(() -> options.withVoidTypes(ElementType.UINT8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("files state the types of numpy itself");
    }

    @Test
    void whatJaxSavesOfBfloat16IsReadIfTheTypeIsGiven() throws IOException {
        ArrayData array = read(
                        FormatSample.file("wild/lab-jnp-savez.npz"),
                        ReadOptions.defaults().withVoidTypes(ElementType.BFLOAT16, ElementType.INT4))
                .find("w")
                .orElseThrow();

        assertThat(array.type()).isEqualTo(ElementType.BFLOAT16);
        assertThat(array.doubleAt(5)).isEqualTo(5);
    }

    private static ParameterTree read(Path file, ReadOptions options) throws IOException {
        return Checkpoints.read(file, options).parameters();
    }
}
