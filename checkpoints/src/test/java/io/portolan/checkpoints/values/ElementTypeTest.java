package io.portolan.checkpoints.values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.numpy.NpzArchive;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ElementTypeTest {
    /** The sample holds every pattern of one byte, and every 61st of two. */
    private static final int STEP_OF_WIDE_PATTERNS = 61;

    @ParameterizedTest
    @EnumSource
    void everyPatternOfASmallTypeIsReadAsMlDtypesDoes(ElementType type) throws IOException {
        Map<String, ArrayData> samples = NpzArchive.read(FormatSample.file("element_values.npz"));
        ArrayData expected = samples.get(type.label());
        if (expected == null) {
            assertThat(type.isExtension()).isFalse();
            return;
        }
        int width = type.bytes();
        int step = width == 1 ? 1 : STEP_OF_WIDE_PATTERNS;
        // Only ml_dtypes' integers ignore higher bits; those of its floats are never set.
        long used = type.isInteger() || width > 1 ? expected.size() : 1L << type.bits();
        ByteBuffer patterns = ByteBuffer.allocate((int) expected.size() * width).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < expected.size(); i++) {
            if (width == 1) {
                patterns.put((byte) i);
            } else {
                patterns.putShort((short) (i * step));
            }
        }
        ArrayData array = ArrayData.of(type, expected.shape(), patterns.flip());
        for (long i = 0; i < used; i++) {
            assertThat(array.doubleAt(i)).as("pattern %d", i * step).isEqualTo(Double.valueOf(expected.doubleAt(i)));
            if (type.isInteger()) {
                assertThat(array.longAt(i)).isEqualTo((long) expected.doubleAt(i));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "INT64, -9223372036854775808, -9.223372036854775808e18",
        "INT64, 9007199254740993, 9007199254740992",
        "UINT64, -1, 1.8446744073709551615e19",
        "UINT64, -9223372036854774783, 9223372036854777856",
        "UINT32, 4294967295, 4294967295",
        "INT32, -1, -1",
        "UINT16, 65535, 65535",
        "INT16, -2, -2",
        "INT8, -128, -128",
        "UINT8, 200, 200"
    })
    void integersAreExactAndRoundedOnlyAsNumbers(ElementType type, long integer, double number) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, integer);
        ArrayData scalar = ArrayData.of(type, new long[0], bytes.slice(0, type.bytes()));

        assertThat(scalar.longAt(0)).isEqualTo(integer);
        assertThat(scalar.doubleAt(0)).isEqualTo(number);
    }

    @Test
    void truthValuesAreOneForEveryByteButZero() {
        ArrayData array =
                ArrayData.of(ElementType.BOOL, new long[] {3}, ByteBuffer.wrap(new byte[] {0, 1, (byte) 0x80}));

        assertThat(new long[] {array.longAt(0), array.longAt(1), array.longAt(2)})
                .containsExactly(0, 1, 1);
    }

    @Test
    void complexElementsAreReadByTheirParts() {
        ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        ArrayData array = ArrayData.of(
                ElementType.COMPLEX64,
                new long[] {1},
                bytes.putFloat(1.5f).putFloat(-2).flip());
        double[] parts = new double[2];
        int[] at = {0};
        array.forEachNumber(number -> parts[at[0]++] = number);

        assertThat(parts).containsExactly(1.5, -2);
        assertThatThrownBy(() -> array.doubleAt(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> array.longAt(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void everyTypeIsFoundByItsName() {
        assertThat(Arrays.stream(ElementType.values()))
                .allSatisfy(type -> assertThat(ElementType.named(type.label())).contains(type));
        assertThat(ElementType.named("object")).isEmpty();
    }
}
