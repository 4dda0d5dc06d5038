package io.portolan.converter.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portolan.converter.onnx.ModelChecker;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.verify.TensorRuns;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ControlFlowInferenceTest {
    private static final TensorType TURN = new TensorType(OnnxType.INT64, TensorShape.SCALAR);
    private static final TensorType TRUTH = new TensorType(OnnxType.BOOL, TensorShape.SCALAR);

    private final OnnxGraph graph = new OnnxGraph("test");
    private final GraphBuilder b = new GraphBuilder(graph);

    private Value input(String name, OnnxType type, Dim... dims) {
        return graph.addInput(name, new TensorType(type, TensorShape.of(dims)));
    }

    private static final Dim BATCH = Dim.symbol("batch");

    @Test
    void branchesOfDifferentSizesLeaveTheSizeOpen() {
        Value condition = input("c", OnnxType.BOOL);
        Value two = input("two", OnnxType.FLOAT, BATCH, Dim.of(2));
        Value three = input("three", OnnxType.FLOAT, BATCH, Dim.of(3));
        Value y = b.apply(StandardOp.IF, branches(two, three), condition);
        assertThat(y.shape().dim(0)).isEqualTo(BATCH);
        assertThat(y.shape().dim(1).isKnown()).isFalse();
    }

    private Attributes branches(Value yes, Value no) {
        OnnxGraph thenGraph = graph.nested("then");
        thenGraph.addResult("result", yes);
        OnnxGraph elseGraph = graph.nested("else");
        elseGraph.addResult("result", no);
        return Attributes.NONE.with("then_branch", thenGraph).with("else_branch", elseGraph);
    }

    @Test
    void branchesOfDifferentKindsAreRefused() {
        Value condition = input("c", OnnxType.BOOL);
        Value floats = input("f", OnnxType.FLOAT, BATCH);
        Value integers = input("i", OnnxType.INT64, BATCH);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> b.apply(StandardOp.IF, branches(floats, integers), condition))
                .withMessageContaining("one element type and rank");
    }

    @Test
    void aLoopThatAlwaysGoesOnStacksAsMuchAsItHasTurns() {
        Value x = input("x", OnnxType.FLOAT, BATCH);
        OnnxGraph body = graph.nested("body");
        body.addParameter("turn", TURN);
        body.addParameter("goes_on", TRUTH);
        Value state = body.addParameter("state", x.type());
        GraphBuilder inner = new GraphBuilder(body);
        body.addResult("goes_on", inner.constant(TensorData.scalar(OnnxType.BOOL, 1)));
        body.addResult("next", inner.neg(state));
        body.addResult("stacked", state);
        Value turns = b.squeeze(b.shapeOf(x), 0);
        List<Value> results = b.node(
                StandardOp.LOOP,
                Attributes.NONE.with("body", body),
                turns,
                b.constant(TensorData.scalar(OnnxType.BOOL, 1)),
                x);
        assertThat(results)
                .extracting(value -> value.type().toString())
                .containsExactly("FLOAT(batch)", "FLOAT(batch, batch)");
    }

    @Test
    void aScanComputesALinearRecurrenceAlongAnyAxis() throws Exception {
        Value decay = input("decay", OnnxType.FLOAT, BATCH, Dim.of(3), Dim.of(2));
        Value drive = input("drive", OnnxType.FLOAT, BATCH, Dim.of(3), Dim.of(2));
        OnnxGraph body = graph.nested("body");
        TensorType step = new TensorType(OnnxType.FLOAT, TensorShape.of(BATCH, Dim.of(2)));
        Value before = body.addParameter("before", step);
        Value decayNow = body.addParameter("decay", step);
        Value driveNow = body.addParameter("drive", step);
        GraphBuilder inner = new GraphBuilder(body);
        Value after = inner.add(inner.mul(decayNow, before), driveNow);
        body.addResult("after", after);
        body.addResult("all", after);
        Value zeros = b.expand(
                b.constant(TensorData.of(new float[] {0}, 1)),
                b.concat(0, b.slice(b.shapeOf(decay), List.of(0L), List.of(new SliceRange(0, 1, 1))), b.longs(2)));
        List<Value> results = b.node(
                StandardOp.SCAN,
                Attributes.NONE
                        .with("body", body)
                        .with("num_scan_inputs", 2)
                        .with("scan_input_axes", List.of(1L, 1L))
                        .with("scan_output_axes", List.of(1L)),
                zeros,
                decay,
                drive);
        assertThat(results)
                .extracting(value -> value.type().toString())
                .containsExactly("FLOAT(batch, 2)", "FLOAT(batch, 3, 2)");
        graph.bindOutput("last", results.get(0));
        graph.bindOutput("every", results.get(1));

        byte[] model = OnnxWriter.write(graph, Map.of()).toByteArray();
        ModelChecker.check(model, Opset.DEFAULT);
        // Powers of two, so that nothing rounds: h = .5 h + u from 0.
        List<TensorData> computed = TensorRuns.onnx(
                model,
                Map.of(
                        "decay", TensorData.of(new float[] {.5f, .5f, .5f, .5f, .5f, .5f}, 1, 3, 2),
                        "drive", TensorData.of(new float[] {1, 2, 0, 4, 1, 0}, 1, 3, 2)));
        assertThat(computed.get(1)).isEqualTo(TensorData.of(new float[] {1, 2, .5f, 5, 1.25f, 2.5f}, 1, 3, 2));
        assertThat(computed.get(0)).isEqualTo(TensorData.of(new float[] {1.25f, 2.5f}, 1, 2));
    }
}
