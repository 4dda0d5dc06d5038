package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class TensorTest {
    @Test
    void copiesTheArraysThatItIsMadeOfAndGivesCopies() {
        long[] shape = {2};
        float[] values = {1, 2};
        Tensor tensor = Tensor.of(values, shape);
        shape[0] = 7;
        values[0] = 7;
        tensor.shape()[0] = 7;
        tensor.floats()[0] = 7;

        assertThat(tensor).isEqualTo(Tensor.of(new float[] {1, 2}, 2));
        assertThat(tensor.data().isReadOnly()).isTrue();
    }

    @Test
    void isEqualByTypeShapeAndBits() {
        Tensor tensor = Tensor.of(new float[] {1, Float.NaN}, 2, 1);

        assertThat(tensor)
                .isEqualTo(Tensor.of(new float[] {1, Float.NaN}, 2, 1))
                .hasSameHashCodeAs(Tensor.of(new float[] {1, Float.NaN}, 2, 1))
                .isNotEqualTo(Tensor.of(new float[] {1, Float.NaN}, 1, 2))
                .isNotEqualTo(new Tensor(ElementType.INT32, new long[] {2, 1}, tensor.writable()))
                .hasToString("FLOAT (2, 1)");
        assertThat(Tensor.of(new float[] {0f})).isNotEqualTo(Tensor.of(new float[] {-0f}));
    }

    @Test
    void laysFloatsOutAsOnnxRuntimeReadsThem() {
        ByteBuffer bytes = Tensor.of(new float[] {1.5f, -2}, 2).data();

        assertThat(bytes.isDirect()).isTrue();
        assertThat(bytes.order()).isEqualTo(ByteOrder.nativeOrder());
        assertThat(bytes.getFloat()).isEqualTo(1.5f);
        assertThat(bytes.getFloat()).isEqualTo(-2);
    }

    @Test
    void refusesAShapeThatDoesNotAccountForTheValues() {
        assertThatThrownBy(() -> Tensor.of(new float[5], 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shape (2, 3) takes 6 values, not 5");
        assertThatThrownBy(() -> Tensor.of(new float[0], 1 << 20, 1 << 20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("too many elements");
        assertThatThrownBy(() -> Tensor.of(new float[1], -1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("negative dimension");
    }

    @Test
    void givesNoFloatsOfOtherTypes() {
        assertThatThrownBy(() -> Tensor.allocate(ElementType.FLOAT16, 3).floats())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("FLOAT16 (3) does not hold float32 values");
    }
}
