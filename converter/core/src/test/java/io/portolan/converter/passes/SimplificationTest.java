package io.portolan.converter.passes;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.PassPipeline;
import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.ErrorFunction;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The passes that write what JAX writes as a person would, each on the smallest graph that shows its effect. */
class SimplificationTest {
    /** Rounding of sums of a few numbers in another order. */
    private static final double ROUNDING = 3e-6;

    private final OnnxGraph graph = new OnnxGraph("test");
    private final GraphBuilder b = new GraphBuilder(graph);
    private final Value x = input("x", Dim.symbol("batch"), Dim.of(4), Dim.of(6));

    private Value input(String name, Dim... dims) {
        return graph.addInput(name, new TensorType(OnnxType.FLOAT, TensorShape.of(dims)));
    }

    private List<String> ops() {
        return graph.nodes().stream().map(node -> node.op().opName()).toList();
    }

    private Value constant(double... elements) {
        return b.constant(TensorData.ofDoubles(OnnxType.FLOAT, elements, elements.length));
    }

    private Value number(double number) {
        return b.constant(TensorData.scalar(OnnxType.FLOAT, number));
    }

    private void simplified(double tolerance, Pass... passes) throws Exception {
        SameResults.afterwards(graph, tolerance, List.of(passes));
        new DeadCode().apply(graph);
    }

    private Value mean(Value of) {
        return b.div(b.reduce(StandardOp.REDUCE_SUM, of, false, 2), number(6));
    }

    /** What flax writes for layer normalisation. */
    private Value layerNorm(boolean ofDifferences) {
        Value mean = mean(x);
        Value column = b.unsqueeze(mean, 2);
        Value centred = b.sub(x, column);
        Value variance = ofDifferences
                ? mean(b.mul(centred, centred))
                : b.apply(StandardOp.MAX, number(0), b.sub(mean(b.mul(x, x)), b.mul(mean, mean)));
        Value root =
                b.apply(StandardOp.RECIPROCAL, b.apply(StandardOp.SQRT, b.add(b.unsqueeze(variance, 2), number(1e-6))));
        return b.add(b.mul(centred, b.mul(root, constant(1, 2, 3, 4, 5, 6))), constant(6, 5, 4, 3, 2, 1));
    }

    private static Pass[] normalisation() {
        return new Pass[] {
            new ConstantFolding(),
            new CommonSubexpressions(),
            new KeepReducedAxes(),
            new MeanOfSum(),
            new LayerNormalization()
        };
    }

    @Test
    void reductionsKeepAxesThatAreInsertedAgainBehindArithmetic() throws Exception {
        Value total = b.mul(b.reduce(StandardOp.REDUCE_SUM, x, false, 2), number(3));
        graph.bindOutput("y", b.sub(x, b.unsqueeze(total, 2)));

        simplified(0, new KeepReducedAxes());

        assertThat(ops()).containsExactly("ReduceSum", "Mul", "Sub");
    }

    @Test
    void reductionsWhoseAxesStayRemovedStayAsTheyAre() throws Exception {
        graph.bindOutput("y", b.mul(b.reduce(StandardOp.REDUCE_SUM, x, false, 2), number(3)));

        simplified(0, new KeepReducedAxes());

        assertThat(ops()).containsExactly("ReduceSum", "Mul");
    }

    @Test
    void oneReductionServesBothForms() throws Exception {
        Value total = b.reduce(StandardOp.REDUCE_SUM, x, false, 2);
        graph.bindOutput("y", b.sub(x, b.unsqueeze(total, 2)));
        graph.bindOutput("total", total);

        simplified(0, new KeepReducedAxes());

        assertThat(ops()).containsExactly("ReduceSum", "Squeeze", "Sub");
    }

    @Test
    void sumsDividedByTheNumberOfTermsAreMeans() throws Exception {
        graph.bindOutput("y", mean(x));
        graph.bindOutput("no mean", b.div(b.reduce(StandardOp.REDUCE_SUM, x, false, 2), number(5)));

        simplified(ROUNDING, new MeanOfSum());

        assertThat(ops()).containsExactly("ReduceMean", "ReduceSum", "Div");
    }

    @Test
    void layerNormalisationWithTheVarianceOfSquaresIsOneOperator() throws Exception {
        graph.bindOutput("y", layerNorm(false));

        simplified(3e-5, normalisation());

        assertThat(ops()).containsExactly("LayerNormalization");
    }

    @Test
    void layerNormalisationWithTheVarianceOfDifferencesIsOneOperator() throws Exception {
        graph.bindOutput("y", layerNorm(true));

        simplified(3e-5, normalisation());

        assertThat(ops()).containsExactly("LayerNormalization");
    }

    @Test
    void anotherVarianceIsNoLayerNormalisation() throws Exception {
        Value mean = b.reduce(StandardOp.REDUCE_MEAN, x, true, 2);
        Value variance = b.reduce(StandardOp.REDUCE_MEAN, b.mul(x, x), true, 2);
        graph.bindOutput("y", b.div(b.sub(x, mean), b.apply(StandardOp.SQRT, b.add(variance, number(1)))));

        simplified(0, new LayerNormalization());

        assertThat(ops()).doesNotContain("LayerNormalization");
    }

    private Value difference() {
        Value maximum =
                b.apply(StandardOp.MAX, number(Double.NEGATIVE_INFINITY), b.reduce(StandardOp.REDUCE_MAX, x, false, 2));
        return b.sub(x, b.unsqueeze(maximum, 2));
    }

    @Test
    void softmaxIsOneOperator() throws Exception {
        Value exponential = b.apply(StandardOp.EXP, difference());
        Value total = b.unsqueeze(b.reduce(StandardOp.REDUCE_SUM, exponential, false, 2), 2);
        graph.bindOutput("y", b.div(exponential, total));

        simplified(ROUNDING, new KeepReducedAxes(), new DropNeutralNodes(), new Softmax());

        assertThat(ops()).containsExactly("Softmax");
    }

    @Test
    void theLogarithmOfSoftmaxIsOneOperator() throws Exception {
        Value difference = difference();
        Value total = b.reduce(StandardOp.REDUCE_SUM, b.apply(StandardOp.EXP, difference), false, 2);
        graph.bindOutput("y", b.sub(difference, b.unsqueeze(b.apply(StandardOp.LOG, total), 2)));

        simplified(ROUNDING, new KeepReducedAxes(), new DropNeutralNodes(), new Softmax());

        assertThat(ops()).containsExactly("LogSoftmax");
    }

    @Test
    void theSumAlongAnotherAxisIsNoSoftmax() throws Exception {
        Value exponential = b.apply(StandardOp.EXP, difference());
        graph.bindOutput("y", b.div(exponential, b.reduce(StandardOp.REDUCE_SUM, exponential, true, 1)));

        simplified(0, new KeepReducedAxes(), new Softmax());

        assertThat(ops()).doesNotContain("Softmax");
    }

    private Value logistic() {
        return b.div(number(1), b.add(number(1), b.apply(StandardOp.EXP, b.neg(x))));
    }

    @Test
    void theLogisticFunctionAndThePositivePartAreOneOperatorEach() throws Exception {
        graph.bindOutput("gate", logistic());
        graph.bindOutput("positive", b.apply(StandardOp.MAX, x, number(0)));

        simplified(ROUNDING, new Activations());

        assertThat(ops()).containsExactly("Sigmoid", "Relu");
    }

    @Test
    void theLogisticFunctionUnderALogarithmStaysExactForLargeNegativeNumbers() throws Exception {
        graph.bindOutput("y", b.apply(StandardOp.LOG, logistic()));

        simplified(0, new Activations());

        assertThat(ops()).doesNotContain("Sigmoid");
    }

    @Test
    void geluByErfIsWrittenAsOnnxRuntimeKnowsIt() throws Exception {
        Value doubled = b.add(number(1), b.apply(StandardOp.ERF, b.mul(number(Math.sqrt(0.5)), x)));
        graph.bindOutput("halvedFirst", b.mul(b.mul(number(0.5), x), doubled));
        Value quotient = b.add(b.apply(StandardOp.ERF, b.div(x, number(Math.sqrt(2)))), number(1));
        graph.bindOutput("distribution", b.mul(x, b.mul(quotient, number(0.5))));
        Value negative = b.apply(StandardOp.ERF, b.neg(b.mul(x, number(Math.sqrt(0.5)))));
        graph.bindOutput("difference", b.div(b.mul(x, b.sub(number(1), negative)), number(2)));
        Value half = b.add(number(0.5), b.mul(number(0.5), b.apply(StandardOp.ERF, b.div(x, number(Math.sqrt(2))))));
        graph.bindOutput("halfOfEach", b.mul(half, x));

        simplified(ROUNDING, new GeluByErf(), new CommonSubexpressions());

        assertThat(ops()).containsExactly("Div", "Erf", "Add", "Mul", "Mul");
    }

    @Test
    void geluByTheComplementIsGeluByErf() throws Exception {
        Value scaled = b.mul(b.neg(x), number(Math.sqrt(0.5)));
        graph.bindOutput("keras", b.mul(b.mul(number(0.5), x), ErrorFunction.erfc(b, scaled)));
        Value quotient = b.div(b.neg(x), number(Math.sqrt(2)));
        graph.bindOutput("jax", b.mul(x, b.div(ErrorFunction.erfc(b, quotient), number(2))));
        Value times = b.mul(number(3), x);
        Value ofTimes = b.mul(times, number(-Math.sqrt(0.5)));
        graph.bindOutput("scaled", b.mul(times, b.mul(ErrorFunction.erfc(b, ofTimes), number(0.5))));

        new PassPipeline(List.of(new GeluByErf(), new DeadCode(), new CommonSubexpressions())).run(graph);

        assertThat(ops()).containsExactly("Div", "Erf", "Add", "Mul", "Mul", "Mul", "Div", "Erf", "Add", "Mul", "Mul");
    }

    @Test
    void theComplementOfTheErrorFunctionIsASeriesWhereItIsNoGelu() {
        graph.bindOutput(
                "other sign", b.mul(b.mul(number(0.5), x), ErrorFunction.erfc(b, b.mul(x, number(Math.sqrt(0.5))))));
        graph.bindOutput("not halved", b.mul(x, ErrorFunction.erfc(b, b.mul(x, number(-Math.sqrt(0.5))))));

        new GeluByErf().apply(graph);
        assertThat(ops()).contains("Erfc").doesNotContain("Erf");
        new ComposedFunctions().apply(graph);

        assertThat(ops()).contains("Exp").doesNotContain("Erfc", "Erf");
    }

    @Test
    void parametricRectifiersAreOneOperator() throws Exception {
        Value slopes = constant(.1, .2, .3, -.4, .5, .6);
        Value negative = b.apply(StandardOp.RELU, b.neg(x));
        graph.bindOutput("difference", b.sub(b.apply(StandardOp.RELU, x), b.mul(slopes, negative)));
        graph.bindOutput("sum", b.add(b.mul(negative, slopes), b.apply(StandardOp.RELU, x)));

        simplified(0, new ParametricRectifier());

        assertThat(ops()).containsExactly("PRelu", "PRelu");
    }

    @Test
    void aSelectionByAConstantIsWhatItSelects() throws Exception {
        Value never = b.constant(TensorData.scalar(OnnxType.BOOL, 0));
        graph.bindOutput("y", b.where(never, x, b.neg(x)));
        graph.bindOutput("z", b.where(never, x, number(1)));

        simplified(0, new DropNeutralNodes());

        assertThat(ops()).containsExactly("Neg", "Where");
    }

    @Test
    void productsThatAreNoGeluStay() {
        Value other = b.add(number(1), b.apply(StandardOp.ERF, b.mul(number(0.7), x)));
        graph.bindOutput("y", b.mul(b.mul(number(0.5), x), other));

        new GeluByErf().apply(graph);

        assertThat(ops()).containsExactly("Mul", "Erf", "Add", "Mul", "Mul");
    }

    @Test
    void layerNormalisationMultipliedOutIsOneOperator() throws Exception {
        Value mean = b.reduce(StandardOp.REDUCE_MEAN, x, true, 2);
        Value centred = b.sub(x, mean);
        Value variance = b.reduce(StandardOp.REDUCE_MEAN, b.mul(centred, centred), true, 2);
        Value root = b.apply(StandardOp.RECIPROCAL, b.apply(StandardOp.SQRT, b.add(variance, number(1e-3))));
        Value scale = b.mul(root, constant(1, 2, 3, 4, 5, 6));
        Value product = b.mul(x, scale);
        Value shift = constant(6, 5, 4, 3, 2, 1);
        Value negated = b.mul(b.neg(mean), scale);
        graph.bindOutput("tensorflow", b.add(product, b.sub(shift, b.mul(mean, scale))));
        graph.bindOutput("keras", b.add(product, b.add(negated, shift)));
        graph.bindOutput("without shift", b.add(product, negated));
        graph.bindOutput("without scale", b.add(b.mul(x, root), b.mul(b.neg(mean), root)));

        simplified(1e-5, new LayerNormalization(), new CommonSubexpressions());

        assertThat(ops()).containsExactly("LayerNormalization", "LayerNormalization", "LayerNormalization");
    }

    /** As behind a convolution, after the transpose to channels-last has sunk. */
    private Value overChannels(Value map, boolean isMultipliedOut) {
        Value mean = b.reduce(StandardOp.REDUCE_MEAN, map, true, 1);
        Value centred = b.sub(map, mean);
        Value variance = b.reduce(StandardOp.REDUCE_MEAN, b.mul(centred, centred), true, 1);
        Value root = b.apply(StandardOp.RECIPROCAL, b.apply(StandardOp.SQRT, b.add(variance, number(1e-3))));
        Value gamma = b.constant(TensorData.of(new float[] {1, 2, 3}, 3, 1, 1));
        Value beta = b.constant(TensorData.of(new float[] {-1, 0, 1}, 1, 3, 1, 1));
        Value scale = b.mul(root, gamma);
        return isMultipliedOut
                ? b.add(b.mul(map, scale), b.add(b.mul(b.neg(mean), scale), beta))
                : b.add(b.mul(b.mul(centred, root), gamma), beta);
    }

    @Test
    void aTransposeBehindANormalisationOfChannelsMovesBeforeTheOperator() throws Exception {
        Value map = input("map", Dim.symbol("batch"), Dim.of(3), Dim.of(4), Dim.of(5));
        graph.bindOutput("out", b.transpose(overChannels(map, true), 0, 2, 3, 1));
        graph.bindOutput("in", b.transpose(overChannels(map, false), 0, 2, 3, 1));

        simplified(1e-5, new LayerNormalization(), new CommonSubexpressions());

        assertThat(ops()).containsExactly("Transpose", "LayerNormalization");
    }

    @Test
    void normalisedChannelsThatStayFirstOrGoElsewhereStayAsTheyAre() throws Exception {
        Value map = input("map", Dim.symbol("batch"), Dim.of(3), Dim.of(4), Dim.of(5));
        graph.bindOutput("elsewhere", b.transpose(overChannels(map, true), 0, 2, 1, 3));
        Value shared = overChannels(map, false);
        graph.bindOutput("first", shared);
        graph.bindOutput("last", b.transpose(shared, 0, 2, 3, 1));

        simplified(0, new LayerNormalization());

        assertThat(ops()).doesNotContain("LayerNormalization");
    }

    @Test
    void aSumWithAnotherMeanIsNoLayerNormalisation() throws Exception {
        Value mean = b.reduce(StandardOp.REDUCE_MEAN, x, true, 2);
        Value centred = b.sub(x, mean);
        Value variance = b.reduce(StandardOp.REDUCE_MEAN, b.mul(centred, centred), true, 2);
        Value root = b.apply(StandardOp.RECIPROCAL, b.apply(StandardOp.SQRT, b.add(variance, number(1e-3))));
        Value other = b.reduce(StandardOp.REDUCE_MAX, x, true, 2);
        graph.bindOutput("y", b.add(b.mul(x, root), b.mul(b.neg(other), root)));

        simplified(0, new LayerNormalization());

        assertThat(ops()).doesNotContain("LayerNormalization");
    }

    @Test
    void geluByTanhIsWrittenAsOnnxRuntimeKnowsIt() throws Exception {
        Value cube = b.mul(b.mul(x, x), x);
        Value inner = b.mul(number(0.7978846), b.add(x, b.mul(number(0.044715), cube)));
        graph.bindOutput("y", b.mul(x, b.mul(number(0.5), b.add(number(1), b.apply(StandardOp.TANH, inner)))));

        simplified(ROUNDING, new GeluByTanh());

        assertThat(ops()).containsExactlyInAnyOrder("Mul", "Pow", "Mul", "Add", "Mul", "Tanh", "Add", "Mul");
    }

    @Test
    void rowsNeedNotBeMergedForAProduct() throws Exception {
        Value weights = b.constant(TensorData.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 6, 2));
        graph.bindOutput("y", b.reshape(b.matMul(b.reshape(x, -1, 6), weights), -1, 4, 2));

        simplified(0, new MatMulOfRows(), new MergeReshapes());

        assertThat(ops()).containsExactly("MatMul");
    }

    @Test
    void aProductOfTransposesIsTheTransposeOfAProduct() throws Exception {
        Value y = input("y", Dim.symbol("batch"), Dim.of(6), Dim.of(5));
        Value product = b.matMul(b.transpose(y, 0, 2, 1), b.transpose(x, 0, 2, 1));
        graph.bindOutput("z", b.transpose(product, 0, 2, 1));

        simplified(ROUNDING, new TransposedProduct());

        assertThat(ops()).containsExactly("MatMul");
    }

    private Value slice(Value of, long from, long to) {
        return b.slice(of, List.of(2L), List.of(new SliceRange(from, to, 1)));
    }

    @Test
    void slicesThatAreTheWholeBecomeOneSplit() throws Exception {
        graph.bindOutput("last", slice(x, 4, 6));
        graph.bindOutput("first", slice(x, 0, 4));

        simplified(0, new SlicesAsSplit());

        assertThat(ops()).containsExactly("Split");
    }

    @Test
    void slicesThatOverlapStay() throws Exception {
        graph.bindOutput("first", slice(x, 0, 4));
        graph.bindOutput("last", slice(x, 3, 6));

        simplified(0, new SlicesAsSplit());

        assertThat(ops()).containsExactly("Slice", "Slice");
    }

    @Test
    void partsThatAreAddedInPairsAreAddedBeforeTheSplit() throws Exception {
        Value y = input("y", Dim.symbol("batch"), Dim.of(4), Dim.of(6));
        graph.bindOutput("first", b.add(slice(x, 0, 4), slice(y, 0, 4)));
        graph.bindOutput("last", b.add(slice(x, 4, 6), slice(y, 4, 6)));

        simplified(0, new SlicesAsSplit(), new SplitAfterSum());

        assertThat(ops()).containsExactly("Add", "Split");
    }

    @Test
    void nodesThatChangeNothingGo() throws Exception {
        Value one = b.reduce(StandardOp.REDUCE_MAX, b.unsqueeze(x, 0), true, 0);
        Value scaled = b.div(b.mul(one, number(1)), number(1));
        graph.bindOutput("y", b.apply(StandardOp.MAX, scaled, number(Double.NEGATIVE_INFINITY)));

        simplified(0, new DropNeutralNodes());

        assertThat(ops()).containsExactly("Unsqueeze");
    }

    @Test
    void addingZeroStaysAsItChangesTheSignOfZero() throws Exception {
        graph.bindOutput("y", b.add(x, number(0)));

        simplified(0, new DropNeutralNodes());

        assertThat(ops()).containsExactly("Add");
    }

    @Test
    void batchNormalisationWithConstantsIsPartOfTheConvolution() throws Exception {
        Value map = input("map", Dim.symbol("n"), Dim.of(2), Dim.of(5), Dim.of(5));
        Value weights = b.constant(TensorData.of(new float[] {1, 2, 3, 4, -1, -2}, 3, 2, 1, 1));
        Value convolved = b.apply(
                StandardOp.CONV, Attributes.of("kernel_shape", List.of(1L, 1L)), map, weights, constant(1, 2, 3));
        Value shape = b.constant(TensorData.of(new float[] {0.5f, 2, -1}, 3, 1, 1));
        graph.bindOutput("y", b.add(b.mul(b.sub(convolved, shape), shape), shape));

        simplified(2e-5, new AffineIntoConv());

        assertThat(ops()).containsExactly("Conv");
    }

    @Test
    void groupNormalisationIsInstanceNormalisationOfGroups() throws Exception {
        Value map = input("map", Dim.of(2), Dim.of(3), Dim.of(3), Dim.of(6));
        Value groups = b.reshape(map, 2, 3, 3, 2, 3);
        Value mean = b.reduce(StandardOp.REDUCE_MEAN, groups, false, 1, 2, 4);
        Value variance =
                b.sub(b.reduce(StandardOp.REDUCE_MEAN, b.mul(groups, groups), false, 1, 2, 4), b.mul(mean, mean));
        Value root = b.apply(StandardOp.SQRT, b.add(repeated(variance), number(1e-5)));
        graph.bindOutput("y", b.div(b.sub(map, repeated(mean)), root));

        simplified(3e-5, new KeepReducedAxes(), new GroupNormalization());

        assertThat(ops()).containsExactly("Transpose", "Reshape", "InstanceNormalization", "Reshape", "Transpose");
    }

    private Value repeated(Value statistics) {
        Value expanded = b.expand(b.unsqueeze(statistics, 2), b.longs(2, 2, 3));
        return b.unsqueeze(b.reshape(expanded, 2, 6), 1, 2);
    }

    @Test
    void masksAndIndicesAreEvaluated() {
        Value positions = b.apply(StandardOp.RANGE, integer(0), integer(5), integer(1));
        Value late = b.apply(StandardOp.GREATER, positions, integer(2));
        Value early = b.apply(StandardOp.NOT, late);
        Value none = b.apply(StandardOp.AND, late, early);
        Value clamped = b.apply(StandardOp.MIN, b.apply(StandardOp.MAX, positions, integer(1)), integer(3));
        Value picked = b.apply(StandardOp.GATHER, Attributes.of("axis", 0), clamped, b.longs(-1, 0));

        assertThat(none.data().orElseThrow().longs()).containsOnly(0);
        assertThat(b.apply(StandardOp.OR, late, early).data().orElseThrow().longs())
                .containsOnly(1);
        assertThat(picked.data().orElseThrow().longs()).containsExactly(3, 1);
        assertThat(PassPipeline.standard().optional()).contains("fold-constants");
    }

    private Value integer(long number) {
        return b.constant(TensorData.ofLongs(OnnxType.INT64, new long[] {number}));
    }
}
