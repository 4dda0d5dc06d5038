package io.portolan.converter.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphBuilderTest {
    private static final Dim BATCH = Dim.symbol("batch");

    private final OnnxGraph graph = new OnnxGraph("test");
    private final GraphBuilder b = new GraphBuilder(graph);
    private final Value x =
            graph.addInput("x", new TensorType(OnnxType.FLOAT, TensorShape.of(BATCH, Dim.of(8), Dim.of(6))));

    @Test
    void aReshapeIntoRowsAndBackKeepsTheBatch() {
        Value rows = b.reshape(x, -1, 6);
        assertThat(rows.shape()).hasToString("(8*batch, 6)");
        assertThat(b.reshape(rows, -1, 8, 3, 2).shape()).hasToString("(batch, 8, 3, 2)");
    }

    @Test
    void shapesComputedAtRunTimeAreKnownAsFarAsTheyFollow() {
        Value shape = b.shapeOf(x);
        Value batch = b.slice(shape, List.of(0L), List.of(new SliceRange(0, 1, 1)));
        Value rows = b.mul(batch, b.longs(8));
        Value reshaped = b.reshape(x, b.concat(0, rows, b.longs(-1)));
        assertThat(reshaped.shape()).hasToString("(8*batch, 6)");
    }

    @Test
    void integersThatAreKnownBecomeConstantsAtOnce() {
        Value height = b.slice(b.shapeOf(x), List.of(0L), List.of(new SliceRange(1, 2, 1)));
        assertThat(height.data()).contains(TensorData.ofLongs(8));
        assertThat(b.concat(0, height, b.longs(-1)).data()).contains(TensorData.ofLongs(8, -1));
    }

    @Test
    void theKnownPartOfAShapeIsAConstant() {
        Value shape = b.shapeOf(x);
        Value sizes = b.split(shape, 0, List.of(1L, 2L)).get(1);
        assertThat(sizes.data()).contains(TensorData.ofLongs(8, 6));
        Value negative = b.sub(sizes, b.longs(10));
        assertThat(negative.data()).contains(TensorData.ofLongs(-2, -4));
        Value pads = b.concat(0, b.reshape(b.concat(0, b.longs(0), b.neg(negative)), 1, 3), b.reshape(shape, 1, 3));
        assertThat(pads.data()).isEmpty();
        assertThat(b.slice(pads, List.of(0L, 1L), List.of(new SliceRange(0, 1, 1), new SliceRange(1, 3, 1)))
                        .data())
                .contains(TensorData.ofLongs(2, 4).reshaped(1, 2));
        Value known = b.where(b.apply(StandardOp.LESS, shape, b.longs(7)), b.longs(-1), shape);
        assertThat(b.apply(StandardOp.GATHER, known, b.longs(2, 1)).data()).contains(TensorData.ofLongs(-1, 8));
        assertThat(b.apply(StandardOp.LESS, shape, b.longs(0)).data())
                .contains(TensorData.ofLongs(OnnxType.BOOL, new long[3], 3));
    }

    @Test
    void elementsOfShapesAreReplacedCountedAndSummed() {
        Value shape = b.shapeOf(x);
        Value changed = b.apply(
                StandardOp.SCATTER_ND, shape, b.constant(TensorData.ofLongs(2).reshaped(1, 1)), b.longs(3));
        assertThat(b.slice(changed, List.of(0L), List.of(new SliceRange(1, 3, 1)))
                        .data())
                .contains(TensorData.ofLongs(8, 3));
        Value axis = b.constant(TensorData.scalar(OnnxType.INT64, 0));
        Value ends = b.apply(StandardOp.CUM_SUM, Attributes.of("reverse", 1), shape, axis);
        assertThat(b.slice(ends, List.of(0L), List.of(new SliceRange(1, 3, 1))).data())
                .contains(TensorData.ofLongs(14, 6));
        Value order = b.longs(2, 0, 1);
        assertThat(b.apply(StandardOp.SCATTER_ELEMENTS, Attributes.of("axis", 0), order, order, b.longs(0, 1, 2))
                        .data())
                .contains(TensorData.ofLongs(1, 2, 0));
        Value rest = b.apply(StandardOp.NON_ZERO, b.apply(StandardOp.EQUAL, order, b.longs(1)));
        assertThat(rest.data()).contains(TensorData.ofLongs(2).reshaped(1, 1));
        Value rows = b.constant(TensorData.ofLongs(1, -1, 3, 2).reshaped(2, 2));
        assertThat(b.apply(StandardOp.GATHER_ND, rows, rows).data()).isEmpty();
        assertThat(b.apply(
                                StandardOp.GATHER_ND,
                                rows,
                                b.constant(TensorData.ofLongs(-1, 0).reshaped(1, 2)))
                        .data())
                .contains(TensorData.ofLongs(3));
    }

    @Test
    void whatChangesNoSizeIsNoNode() {
        Value batch = b.slice(b.shapeOf(x), List.of(0L), List.of(new SliceRange(0, 1, 1)));
        assertThat(b.apply(StandardOp.MAX, b.longs(0), batch)).isSameAs(batch);
        assertThat(b.where(b.apply(StandardOp.LESS, batch, b.longs(0)), b.longs(1), batch))
                .isSameAs(batch);
        assertThat(b.sub(b.add(batch, b.longs(2)), b.longs(2)).contents()).contains(List.of(BATCH));
    }

    @Test
    void sizesComputedWithFloatsAreKnown() {
        Value height = b.slice(b.shapeOf(x), List.of(0L), List.of(new SliceRange(1, 2, 1)));
        Value half = b.div(
                b.cast(b.add(height, b.longs(1)), OnnxType.FLOAT), b.constant(TensorData.scalar(OnnxType.FLOAT, 2)));
        assertThat(b.cast(b.apply(StandardOp.CEIL, half), OnnxType.INT64).data())
                .contains(TensorData.ofLongs(5));
        assertThat(b.cast(half, OnnxType.INT32).data()).contains(TensorData.ofLongs(OnnxType.INT32, new long[] {4}, 1));
    }

    @Test
    void everyValueHasItsOwnName() {
        b.scope("layer");
        assertThat(List.of(b.neg(x), b.neg(x), b.constant(TensorData.ofLongs(1), "x")))
                .extracting(Value::name)
                .containsExactly("layer/Neg", "layer/Neg_1", "x_1");
    }

    @Test
    void operatorsRefuseWhatTheyCannotTake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> b.add(x, b.longs(1)))
                .withMessageContaining("Add")
                .withMessageContaining("one element type");
        assertThatIllegalArgumentException().isThrownBy(() -> b.matMul(x, x)).withMessageContaining("inner sizes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> b.reshape(b.longs(1, 2, 3), -1, 2))
                .withMessageContaining("sizes for the elements of shape (3)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> b.transpose(x, 0, 1))
                .withMessageContaining("does not permute");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> b.apply(StandardOp.ADD, x))
                .withMessageContaining("takes 2 to 2 inputs");
    }

    /** Operators of texts need a newer one, which the converter then takes by itself. */
    @Test
    void theDefaultOpsetHasEveryOtherOperatorInTheFormUsed() {
        assertThat(Arrays.stream(StandardOp.values()).filter(op -> op.since() > Opset.DEFAULT.version()))
                .containsExactlyInAnyOrder(
                        StandardOp.STRING_CONCAT, StandardOp.STRING_SPLIT, StandardOp.REGEX_FULL_MATCH);
    }
}
