package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FloatTensorTest {
    @Test
    void cannotBeChangedThroughItsArrays() {
        long[] shape = {2};
        float[] values = {1, 2};
        FloatTensor tensor = new FloatTensor(shape, values);
        shape[0] = 7;
        values[0] = 7;
        tensor.shape()[0] = 7;
        tensor.values()[0] = 7;

        assertThat(tensor).isEqualTo(new FloatTensor(new long[] {2}, new float[] {1, 2}));
        assertThat(tensor.asBuffer().isReadOnly()).isTrue();
    }

    @Test
    void isEqualByShapeAndValues() {
        FloatTensor tensor = new FloatTensor(new long[] {2, 1}, new float[] {1, Float.NaN});

        assertThat(tensor).isEqualTo(new FloatTensor(new long[] {2, 1}, new float[] {1, Float.NaN}))
                .hasSameHashCodeAs(new FloatTensor(new long[] {2, 1}, new float[] {1, Float.NaN}))
                .isNotEqualTo(new FloatTensor(new long[] {1, 2}, new float[] {1, Float.NaN}))
                .hasToString("float32 (2, 1)");
    }

    @Test
    void refusesAShapeThatDoesNotAccountForTheValues() {
        assertThatThrownBy(() -> new FloatTensor(new long[] {2, 3}, new float[5]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shape (2, 3) takes 6 values, not 5");
        assertThatThrownBy(() -> new FloatTensor(new long[] {1 << 20, 1 << 20}, new float[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("too many elements");
        assertThatThrownBy(() -> new FloatTensor(new long[] {-1, 1}, new float[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("negative dimension");
    }
}
