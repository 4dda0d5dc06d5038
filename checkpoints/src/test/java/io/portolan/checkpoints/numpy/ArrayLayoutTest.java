package io.portolan.checkpoints.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class ArrayLayoutTest {
    private static final DType LITTLE = new DType(ElementType.FLOAT32, ByteOrder.LITTLE_ENDIAN);
    private static final DType BIG = new DType(ElementType.FLOAT32, ByteOrder.BIG_ENDIAN);
    private static final ByteRegion SIX =
            ArrayData.ofFloats(new long[] {6}, 0, 1, 2, 3, 4, 5).region();

    @Test
    void rowMajorLittleEndianDataIsNotCopied() {
        ByteBuffer buffer = ByteBuffer.allocate(8);
        ByteRegion payload = ByteRegion.of(buffer);
        ArrayLayout layout = ArrayLayout.rowMajor(new long[] {2});
        ArrayData array = layout.read(LITTLE, payload);
        buffer.put(3, (byte) 0x3f);

        assertThat(array.bytes().get(3)).isEqualTo((byte) 0x3f);
        assertThat(layout.copiedBytes(LITTLE, payload)).isZero();
        assertThat(layout.copiedBytes(BIG, payload)).isEqualTo(8);
    }

    @Test
    void theFirstAxisOfFortranOrderVariesFastest() {
        assertThat(ArrayLayout.columnMajor(new long[] {2, 3}).read(LITTLE, SIX))
                .isEqualTo(ArrayData.ofFloats(new long[] {2, 3}, 0, 2, 4, 1, 3, 5));
    }

    @Test
    void axesAreReorderedAsTransposeDoes() {
        assertThat(ArrayLayout.permuted(new long[] {1, 2, 3}, new int[] {2, 0, 1})
                        .read(LITTLE, SIX))
                .isEqualTo(ArrayData.ofFloats(new long[] {3, 1, 2}, 0, 3, 1, 4, 2, 5));
    }

    @Test
    void theHalvesOfAComplexNumberAreSwappedEachByItself() {
        ByteRegion payload = ByteRegion.of(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
        ArrayData array =
                ArrayLayout.rowMajor(new long[0]).read(new DType(ElementType.COMPLEX64, ByteOrder.BIG_ENDIAN), payload);
        assertThat(array.bytes()).isEqualTo(ByteBuffer.wrap(new byte[] {4, 3, 2, 1, 8, 7, 6, 5}));
    }

    @Test
    void anArrayWithoutElementsKeepsItsShape() {
        ArrayData array =
                ArrayLayout.columnMajor(new long[] {1L << 40, 0, 3}).read(BIG, ByteRegion.of(ByteBuffer.allocate(0)));
        assertThat(array.shape()).containsExactly(1L << 40, 0, 3);
    }

    @Test
    void wrongAxesAreRefused() {
        assertThatThrownBy(() -> ArrayLayout.permuted(new long[2], new int[] {0, 0}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ArrayLayout.permuted(new long[2], new int[] {0}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ArrayLayout.rowMajor(new long[65])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void descriptionsAreParsedWithTheirByteOrder() {
        assertThat(DType.parse("<f4")).contains(LITTLE);
        assertThat(DType.parse(">f4")).contains(BIG);
        assertThat(DType.parse("|u1")).map(DType::type).contains(ElementType.UINT8);
        assertThat(DType.parse("|f4")).isEmpty();
        assertThat(DType.parse("f4")).isEmpty();
        assertThat(DType.parse("")).isEmpty();
    }
}
