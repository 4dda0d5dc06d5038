package io.portolan.checkpoints.values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrayDataTest {
    private static final long[] SHAPE = {3};

    @Test
    void anElementAcrossTwoBuffersIsWhole() {
        ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(new float[] {1.5f, -2, 3});
        ArrayData divided = ArrayData.of(
                ElementType.FLOAT32,
                SHAPE,
                ByteRegion.joined(List.of(bytes.slice(0, 3), bytes.slice(3, 4), bytes.slice(7, 5))));

        assertThat(divided).isEqualTo(ArrayData.ofFloats(SHAPE, 1.5f, -2, 3));
        assertThat(divided.toFloats()).containsExactly(1.5f, -2, 3);
        assertThat(divided.doubleAt(1)).isEqualTo(-2);
    }

    @Test
    void aDeferredArrayIsReadOnceAndOnlyIfAsked() {
        int[] readings = {0};
        ArrayData array = ArrayData.deferred(ElementType.FLOAT32, SHAPE, () -> {
            readings[0]++;
            return ArrayData.ofFloats(SHAPE, 1, 2, 3).region();
        });

        assertThat(array.size()).isEqualTo(3);
        assertThat(array.byteCount()).isEqualTo(12);
        assertThat(array).hasToString("float32 (3)");
        assertThat(readings[0]).isZero();
        assertThat(array.toFloats()).containsExactly(1, 2, 3);
        assertThat(array.bytes().remaining()).isEqualTo(12);
        assertThat(readings[0]).isEqualTo(1);
    }

    @Test
    void aDeferredArrayThatCannotBeReadSaysWhy() {
        ArrayData damaged = ArrayData.deferred(ElementType.UINT8, SHAPE, () -> {
            throw new CheckpointException("chunk 3: expected another checksum");
        });
        ArrayData cut = ArrayData.deferred(ElementType.UINT8, SHAPE, () -> ByteRegion.of(ByteBuffer.allocate(2)));

        assertThatThrownBy(damaged::bytes)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("chunk 3: expected another checksum");
        assertThatThrownBy(cut::bytes).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ArrayData.deferred(ElementType.UINT8, new long[] {-1}, () -> null))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
