package io.portolan.converter.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.converter.Target;
import io.portolan.converter.TargetException;
import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.FourierOp;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.passes.fourier.LowerFourierToDft;
import io.portolan.converter.passes.opencv.ConstantForEachUse;
import io.portolan.converter.passes.opencv.HalveGeluLast;
import io.portolan.converter.passes.opencv.PrecomputeConstants;
import io.portolan.converter.passes.opencv.ReduceAxisByAxis;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The passes for one runtime: the graph before and after, with the same results. */
class TargetPassesTest {
    private final OnnxGraph graph = new OnnxGraph("test");
    private final GraphBuilder b = new GraphBuilder(graph);
    private final Value x = graph.addInput("x", new TensorType(OnnxType.FLOAT, TensorShape.of(2, 3, 4, 5)));

    private List<String> ops() {
        return graph.nodes().stream().map(node -> node.op().opName()).toList();
    }

    private Value constant(float... elements) {
        return b.constant(TensorData.of(elements, elements.length));
    }

    @Test
    void whatDependsOnConstantsOnlyIsStored() throws Exception {
        Value weights = b.apply(
                StandardOp.EXP,
                b.matMul(
                        b.constant(TensorData.of(new float[] {1, 2}, 2, 1)),
                        b.constant(TensorData.of(new float[] {.1f, .2f, .3f, .4f, .5f}, 1, 5))));
        List<Value> rows = b.split(weights, 0, List.of(1L, 1L));
        graph.bindOutput("y", b.mul(b.add(x, rows.get(0)), rows.get(1)));
        graph.bindOutput("weights", weights);
        assertThat(ops()).containsExactly("MatMul", "Exp", "Split", "Add", "Mul");

        SameResults.afterwards(graph, 0, List.of(new PrecomputeConstants(), new DeadCode()));

        assertThat(ops()).containsExactly("Add", "Mul");
        assertThat(graph.nodes().get(1).input(1).data().orElseThrow().shape()).containsExactly(1, 5);
    }

    @Test
    void geluIsHalvedLast() throws Exception {
        Value gelu = b.mul(
                b.mul(b.like(x, 0.5), x), b.add(b.like(x, 1), b.apply(StandardOp.TANH, b.mul(b.like(x, 0.8), x))));
        graph.bindOutput("y", b.mul(gelu, gelu));
        assertThat(ops()).containsExactly("Mul", "Mul", "Tanh", "Add", "Mul", "Mul");

        SameResults.afterwards(graph, 0, List.of(new HalveGeluLast(), new DeadCode()));

        assertThat(ops()).containsExactly("Mul", "Tanh", "Add", "Mul", "Mul", "Mul");
        assertThat(graph.nodes().get(3).input(0)).isSameAs(x);
    }

    @Test
    void otherHalvesStayWhereTheyAre() {
        graph.bindOutput("y", b.mul(b.mul(b.like(x, 0.5), x), b.apply(StandardOp.TANH, x)));
        graph.bindOutput("z", b.mul(b.mul(b.like(x, 0.7), x), b.add(b.like(x, 1), b.apply(StandardOp.TANH, x))));
        List<String> before = ops();

        new HalveGeluLast().apply(graph);

        assertThat(ops()).isEqualTo(before);
    }

    /** A maximum is exact; a mean of 24 numbers around 3 is rounded twice more. */
    @Test
    void threeAxesAreReducedOneByOne() throws Exception {
        graph.bindOutput("kept", b.reduce(StandardOp.REDUCE_MAX, x, true, 0, 1, 2));
        graph.bindOutput("dropped", b.reduce(StandardOp.REDUCE_MEAN, x, false, 0, 1, 2));
        graph.bindOutput("two", b.reduce(StandardOp.REDUCE_MAX, x, false, 1, 2));

        SameResults.afterwards(graph, 1e-6, List.of(new ReduceAxisByAxis()));

        assertThat(ops())
                .containsExactly(
                        "ReduceMax", "ReduceMax", "ReduceMax", "ReduceMean", "ReduceMean", "ReduceMean", "ReduceMax");
    }

    @Test
    void everyUseOfAConstantHasItsOwn() throws Exception {
        Value shared = constant(1, 2, 3, 4, 5);
        graph.bindOutput("y", b.mul(b.add(x, shared), b.add(shared, shared)));
        assertThat(graph.constants()).hasSize(1);

        SameResults.afterwards(graph, 0, List.of(new ConstantForEachUse()));

        assertThat(graph.constants()).hasSize(3).extracting(Value::name).doesNotHaveDuplicates();
    }

    @Test
    void operatorsThatARuntimeLacksAreNamedWithTheWayAround() {
        graph.bindOutput("y", b.node(FourierOp.RFFT2D, Attributes.NONE, x).get(0));
        new LowerFourierToDft().apply(graph);

        Target.ANY.requireKnown(graph);
        assertThatThrownBy(() -> Target.OPENCV.requireKnown(graph))
                .isInstanceOf(TargetException.class)
                .hasMessageContainingAll("opencv does not support", "DFT")
                .extracting(refused -> ((TargetException) refused).unknown())
                .isEqualTo(List.of(StandardOp.DFT));
    }
}
