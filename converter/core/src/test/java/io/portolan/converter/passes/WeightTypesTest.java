package io.portolan.converter.passes;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.passes.weights.HalfPrecisionConvolutions;
import io.portolan.converter.passes.weights.HalfPrecisionWeights;
import io.portolan.converter.passes.weights.QuantizedWeights;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Smaller weight types: the rewritten product and convolution, and how far their results change. */
class WeightTypesTest {
    private final OnnxGraph graph = new OnnxGraph("test");
    private final GraphBuilder b = new GraphBuilder(graph);
    private final Random random = new Random(3);

    private Value input(long... sample) {
        TensorShape shape = TensorShape.of(sample).with(0, Dim.symbol("batch"));
        return graph.addInput("x", new TensorType(OnnxType.FLOAT, shape));
    }

    private Value weight(double scale, long... shape) {
        double[] elements = random.doubles(TensorShape.of(shape).elements().coefficient(), -scale, scale)
                .toArray();
        return b.constant(TensorData.ofDoubles(OnnxType.FLOAT, elements, shape));
    }

    private List<String> ops() {
        return graph.nodes().stream().map(node -> node.op().opName()).toList();
    }

    private TensorData stored(int node, int input) {
        return graph.nodes().get(node).input(input).data().orElseThrow();
    }

    @Test
    void aHalfIsWidenedBeforeItIsUsed() throws Exception {
        graph.bindOutput("y", b.matMul(input(1, 64), weight(1, 64, 64)));

        // 64 products of numbers around 3 with weights that are off by up to 2^-12.
        SameResults.afterwards(graph, 64 * 3 * Math.scalb(1, -12) / 4, List.of(new HalfPrecisionWeights()));

        assertThat(ops()).containsExactly("Cast", "MatMul");
        assertThat(stored(0, 0).type()).isEqualTo(OnnxType.FLOAT16);
    }

    @Test
    void smallConstantsAndThoseOutOfRangeStay() {
        Value x = input(1, 64);
        graph.bindOutput("y", b.add(b.matMul(x, weight(1e6, 64, 64)), weight(1, 64)));

        new HalfPrecisionWeights().apply(graph);

        assertThat(ops()).containsExactly("MatMul", "Add");
    }

    @Test
    void aConvolutionIsComputedInHalves() throws Exception {
        Attributes same = Attributes.of("kernel_shape", List.of(3L, 3L)).with("pads", List.of(1L, 1L, 1L, 1L));
        graph.bindOutput(
                "y", b.apply(StandardOp.CONV, same, input(1, 8, 6, 6), weight(0.1, 16, 8, 3, 3), weight(1, 16)));

        // Sums of 72 products of up to 1; ONNX Runtime rounds operands and result.
        SameResults.afterwards(graph, 1e-2, List.of(new HalfPrecisionConvolutions()));

        assertThat(ops()).containsExactly("Cast", "Conv", "Cast");
        assertThat(stored(1, 1).type()).isEqualTo(OnnxType.FLOAT16);
    }

    @Test
    void integersHaveAScaleForEachOutput() throws Exception {
        graph.bindOutput("y", b.matMul(input(1, 64), weight(1, 64, 32)));

        // A weight is off by at most half of 1/127; of 64 such errors, times numbers around 3, most cancel.
        SameResults.afterwards(graph, 64 * 3 / 254.0 / 3, List.of(new QuantizedWeights()));

        assertThat(ops()).containsExactly("DequantizeLinear", "MatMul");
        assertThat(stored(0, 0).type()).isEqualTo(OnnxType.INT8);
        assertThat(stored(0, 1).shape()).containsExactly(32);
    }

    @Test
    void aKernelHasItsOutputsInFront() throws Exception {
        Attributes same = Attributes.of("kernel_shape", List.of(3L, 3L)).with("pads", List.of(1L, 1L, 1L, 1L));
        graph.bindOutput("y", b.apply(StandardOp.CONV, same, input(1, 16, 4, 4), weight(0.1, 16, 16, 3, 3)));

        SameResults.afterwards(graph, 144 * 3 * 0.1 / 254 / 3, List.of(new QuantizedWeights()));

        assertThat(ops()).containsExactly("DequantizeLinear", "Conv");
        assertThat(graph.nodes().get(0).attributes()).isEqualTo(Attributes.of("axis", 0));
    }

    @Test
    void levelsAreTheNearest() {
        double[] row = new double[1024];
        row[0] = 127;
        row[1] = -3.4;
        row[2] = 0.6;
        graph.bindOutput("y", b.matMul(input(1, 1024), b.constant(TensorData.ofDoubles(OnnxType.FLOAT, row, 1024, 1))));

        new QuantizedWeights().apply(graph);

        assertThat(stored(0, 0).doubles()).startsWith(127, -3, 1, 0);
        assertThat(stored(0, 1).doubles()).containsExactly(1);
    }

    @Test
    void bothMatricesOfARecurrentLayerAreStoredAsIntegers() throws Exception {
        Value x = graph.addInput("x", new TensorType(OnnxType.FLOAT, TensorShape.of(3, 2, 16)));
        Value y = b.node(
                        StandardOp.GRU,
                        Attributes.of("hidden_size", 32),
                        x,
                        weight(.1, 1, 96, 16),
                        weight(.1, 1, 96, 32),
                        weight(.1, 1, 192))
                .get(0);
        graph.bindOutput("y", y);

        // Weights are off by up to .1 / 254; a gate sums 16 products of numbers around 3 and 32 of numbers below 1.
        SameResults.afterwards(graph, .1 / 254 * (16 * 3 + 32), List.of(new QuantizedWeights()));

        assertThat(ops()).containsExactly("DequantizeLinear", "DequantizeLinear", "GRU");
        assertThat(stored(0, 0).type()).isEqualTo(OnnxType.INT8);
    }
}
