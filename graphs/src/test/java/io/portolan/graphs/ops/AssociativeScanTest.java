package io.portolan.graphs.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

class AssociativeScanTest {
    /**
     * Deliberately not associative, so that the result shows the order and nesting in which the elements were combined.
     */
    private static final float WEIGHT = 0.5f;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 11, 16})
    void combinesInTheOrderOfTheOddEvenRecursion(int length) {
        float[] elements = new float[length];
        for (int i = 0; i < length; i++) {
            elements[i] = 1 << i;
        }
        List<float[]> scanned = GraphFunction.evaluate(
                (tf, inputs) -> List.of(new AssociativeScan(tf, 2)
                        .inclusive(
                                new Leaf(inputs.get(0)),
                                length,
                                (a, b) -> new Leaf(tf.math.add(tf.math.mul(tf.constant(WEIGHT), a.value), b.value)))
                        .value),
                Shape.of(1, length, 1),
                elements);
        assertThat(scanned.get(0)).containsExactly(recursion(elements));
    }

    /** The recursion, implemented from its definition. */
    private static float[] recursion(float[] e) {
        int n = e.length;
        if (n < 2) {
            return e;
        }
        float[] pairs = new float[n / 2];
        for (int m = 0; m < pairs.length; m++) {
            pairs[m] = combine(e[2 * m], e[2 * m + 1]);
        }
        float[] odd = recursion(pairs);
        float[] result = new float[n];
        result[0] = e[0];
        for (int i = 1; i < n; i++) {
            result[i] = i % 2 == 1 ? odd[i / 2] : combine(odd[i / 2 - 1], e[i]);
        }
        return result;
    }

    private static float combine(float earlier, float later) {
        return WEIGHT * earlier + later;
    }

    private record Leaf(Operand<TFloat32> value) implements OperandTree<Leaf> {
        @Override
        public Leaf map(UnaryOperator<Operand<TFloat32>> function) {
            return new Leaf(function.apply(value));
        }

        @Override
        public Leaf zip(Leaf that, BinaryOperator<Operand<TFloat32>> function) {
            return new Leaf(function.apply(value, that.value));
        }
    }
}
