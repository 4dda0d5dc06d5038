package io.portolan.converter.passes.recurrent;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.passes.DeadCode;
import io.portolan.converter.passes.SameResults;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Scans in the forms in which frameworks write recurrent cells, on a sequence (7,2,3) with states (2,4). */
class RecurrentLayersTest {
    private static final long STEPS = 7;
    private static final long BATCH = 2;
    private static final long FEATURES = 3;
    private static final long UNITS = 4;

    /** Of numbers below 1, after some steps of sums in another order. */
    private static final double ROUNDING = 1e-6;

    private final OnnxGraph graph = new OnnxGraph("test");
    private final GraphBuilder b = new GraphBuilder(graph);
    private final Random random = new Random(5);

    /** The step of a cell: the states afterwards, the hidden one first. */
    private interface Step {
        List<Value> after(GraphBuilder body, Value x, List<Value> states);
    }

    private Value weights(GraphBuilder builder, long... shape) {
        double[] numbers = new double[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        Arrays.setAll(numbers, i -> random.nextGaussian() / 2);
        return builder.constant(TensorData.ofDoubles(OnnxType.FLOAT, numbers, shape));
    }

    private static TensorType floats(long... sizes) {
        return new TensorType(OnnxType.FLOAT, TensorShape.of(sizes));
    }

    /** A scan whose outputs are the states and all hidden states. */
    private void scan(int states, Attributes attributes, Step step) {
        boolean isBatchFirst =
                attributes.integers("scan_input_axes", List.of(0L)).equals(List.of(1L));
        Value x = graph.addInput("x", isBatchFirst ? floats(BATCH, STEPS, FEATURES) : floats(STEPS, BATCH, FEATURES));
        OnnxGraph body = graph.nested("body");
        List<Value> inputs = new ArrayList<>();
        List<Value> before = new ArrayList<>();
        for (int i = 0; i < states; i++) {
            inputs.add(graph.addInput("initial" + i, floats(BATCH, UNITS)));
            before.add(body.addParameter("state" + i, floats(BATCH, UNITS)));
        }
        inputs.add(x);
        Value part = body.addParameter("part", floats(BATCH, FEATURES));
        List<Value> after = step.after(new GraphBuilder(body).scope("body"), part, before);
        for (int i = 0; i < after.size(); i++) {
            body.addResult("next" + i, after.get(i));
        }
        body.addResult("all", after.get(0));
        List<Value> outputs = b.node(
                StandardOp.SCAN,
                attributes.with("body", body).with("num_scan_inputs", 1),
                inputs.toArray(Value[]::new));
        for (int i = 0; i < outputs.size(); i++) {
            graph.bindOutput("y" + i, outputs.get(i));
        }
    }

    private Node becomes(StandardOp op) throws Exception {
        SameResults.afterwards(graph, ROUNDING, List.of(new RecurrentLayers(), new DeadCode()));
        assertThat(graph.allNodes().map(Node::op)).contains(op).doesNotContain(StandardOp.SCAN);
        return graph.nodes().stream()
                .filter(node -> node.op() == op)
                .findFirst()
                .orElseThrow();
    }

    private void stays() {
        new RecurrentLayers().apply(graph);
        assertThat(graph.nodes()).extracting(Node::op).containsExactly(StandardOp.SCAN);
    }

    private static Value sigmoid(GraphBuilder b, Value x) {
        return b.apply(StandardOp.SIGMOID, x);
    }

    private static Value tanh(GraphBuilder b, Value x) {
        return b.apply(StandardOp.TANH, x);
    }

    private Value affine(GraphBuilder b, Value x, Value h, long columns) {
        Value ofInput = b.matMul(x, weights(b, FEATURES, columns));
        return b.add(b.add(weights(b, columns), ofInput), b.matMul(h, weights(b, UNITS, columns)));
    }

    private static List<Value> lstm(GraphBuilder b, Value cell, Value i, Value g, Value f, Value o) {
        Value next = b.add(b.mul(cell, f), b.mul(tanh(b, g), i));
        return List.of(b.mul(o, tanh(b, next)), next);
    }

    private List<Value> lstmGateByGate(GraphBuilder b, Value x, List<Value> states) {
        Value h = states.get(0);
        return lstm(
                b,
                states.get(1),
                sigmoid(b, affine(b, x, h, UNITS)),
                affine(b, x, h, UNITS),
                sigmoid(b, b.add(affine(b, x, h, UNITS), b.like(x, 1))),
                sigmoid(b, affine(b, x, h, UNITS)));
    }

    @Test
    void lstmGateByGateWithAForgetBias() throws Exception {
        scan(2, Attributes.NONE, this::lstmGateByGate);
        assertThat(becomes(StandardOp.LSTM).attributes().byName()).containsOnlyKeys("hidden_size");
    }

    @Test
    void backwards() throws Exception {
        Attributes reversed =
                Attributes.of("scan_input_directions", List.of(1L)).with("scan_output_directions", List.of(1L));
        scan(2, reversed, this::lstmGateByGate);
        assertThat(becomes(StandardOp.LSTM).attributes().text("direction", "")).isEqualTo("reverse");
    }

    @Test
    void aSequenceInAndOutOfOrderStaysAScan() {
        scan(2, Attributes.of("scan_input_directions", List.of(1L)), this::lstmGateByGate);
        stays();
    }

    @Test
    void lstmWithOneProductForAllGatesOfInputAndState() throws Exception {
        Attributes batchFirst = Attributes.of("scan_input_axes", List.of(1L)).with("scan_output_axes", List.of(1L));
        scan(2, batchFirst, (b, x, states) -> {
            Value joined = b.concat(1, x, states.get(0));
            Value sum = b.add(b.matMul(joined, weights(b, FEATURES + UNITS, 4 * UNITS)), weights(b, 4 * UNITS));
            List<Value> gates = b.split(sum, 1, Collections.nCopies(4, UNITS));
            return lstm(
                    b,
                    states.get(1),
                    sigmoid(b, gates.get(0)),
                    gates.get(1),
                    sigmoid(b, gates.get(2)),
                    sigmoid(b, gates.get(3)));
        });
        becomes(StandardOp.LSTM);
    }

    @Test
    void lstmWithSlicedGatesAndHardSigmoids() throws Exception {
        scan(2, Attributes.NONE, (b, x, states) -> {
            Value sum = affine(b, x, states.get(0), 4 * UNITS);
            List<Value> gates = new ArrayList<>();
            for (long i = 0; i < 4; i++) {
                gates.add(b.slice(
                        sum,
                        List.of(0L, 1L),
                        List.of(new SliceRange(0, BATCH, 1), new SliceRange(i * UNITS, (i + 1) * UNITS, 1))));
            }
            return lstm(
                    b,
                    states.get(1),
                    hardSigmoid(b, gates.get(0)),
                    gates.get(1),
                    hardSigmoid(b, gates.get(2)),
                    hardSigmoid(b, gates.get(3)));
        });
        becomes(StandardOp.LSTM);
    }

    private static Value hardSigmoid(GraphBuilder b, Value x) {
        return b.apply(StandardOp.CLIP, b.add(b.mul(x, b.like(x, .2)), b.like(x, .5)), b.like(x, 0), b.like(x, 1));
    }

    @Test
    void lstmOfUnlikeGatesStays() {
        scan(2, Attributes.NONE, (b, x, states) -> {
            Value h = states.get(0);
            return lstm(
                    b,
                    states.get(1),
                    sigmoid(b, affine(b, x, h, UNITS)),
                    affine(b, x, h, UNITS),
                    hardSigmoid(b, affine(b, x, h, UNITS)),
                    sigmoid(b, affine(b, x, h, UNITS)));
        });
        stays();
    }

    @Test
    void lstmThatLooksAtItsCellStays() {
        scan(2, Attributes.NONE, (b, x, states) -> {
            Value h = states.get(0);
            Value peephole = b.mul(states.get(1), weights(b, UNITS));
            return lstm(
                    b,
                    states.get(1),
                    sigmoid(b, b.add(affine(b, x, h, UNITS), peephole)),
                    affine(b, x, h, UNITS),
                    sigmoid(b, affine(b, x, h, UNITS)),
                    sigmoid(b, affine(b, x, h, UNITS)));
        });
        stays();
    }

    private static List<Value> gru(GraphBuilder b, Value h, Value update, Value candidate) {
        return List.of(b.add(b.mul(update, h), b.mul(b.sub(b.like(h, 1), update), tanh(b, candidate))));
    }

    @Test
    void gruWhoseResetScalesAProduct() throws Exception {
        scan(1, Attributes.NONE, (b, x, states) -> {
            Value h = states.get(0);
            Value reset = sigmoid(b, affine(b, x, h, UNITS));
            Value ofHidden = b.add(b.matMul(h, weights(b, UNITS, UNITS)), weights(b, UNITS));
            Value ofInput = b.add(b.matMul(x, weights(b, FEATURES, UNITS)), weights(b, UNITS));
            return gru(b, h, sigmoid(b, affine(b, x, h, UNITS)), b.add(ofInput, b.mul(reset, ofHidden)));
        });
        assertThat(becomes(StandardOp.GRU).attributes().integer("linear_before_reset"))
                .isEqualTo(1);
    }

    @Test
    void gruWhoseResetScalesTheState() throws Exception {
        scan(1, Attributes.NONE, (b, x, states) -> {
            Value h = states.get(0);
            Value scaled = b.mul(sigmoid(b, affine(b, x, h, UNITS)), h);
            return gru(b, h, sigmoid(b, affine(b, x, h, UNITS)), affine(b, x, scaled, UNITS));
        });
        assertThat(becomes(StandardOp.GRU).attributes().byName()).containsOnlyKeys("hidden_size");
    }

    @Test
    void gruWhoseUpdateScalesTheCandidateStays() {
        scan(1, Attributes.NONE, (b, x, states) -> {
            Value h = states.get(0);
            Value reset = b.mul(sigmoid(b, affine(b, x, h, UNITS)), h);
            Value update = sigmoid(b, affine(b, x, h, UNITS));
            Value other = sigmoid(b, affine(b, x, h, UNITS));
            Value candidate = tanh(b, affine(b, x, reset, UNITS));
            return List.of(b.add(b.mul(update, h), b.mul(b.sub(b.like(h, 1), other), candidate)));
        });
        stays();
    }

    @Test
    void simpleLayersOfEachActivation() throws Exception {
        for (StandardOp activation : List.of(StandardOp.TANH, StandardOp.RELU)) {
            RecurrentLayersTest one = new RecurrentLayersTest();
            one.scan(
                    1,
                    Attributes.NONE,
                    (b, x, states) -> List.of(b.apply(activation, one.affine(b, x, states.get(0), UNITS))));
            one.becomes(StandardOp.RNN);
        }
    }

    @Test
    void aLayerWhoseCellIsStackedTooStays() {
        scan(2, Attributes.NONE, (b, x, states) -> {
            List<Value> after = lstmGateByGate(b, x, states);
            b.graph().addResult("early", after.get(1));
            return List.of(after.get(0));
        });
        stays();
    }

    @Test
    void aStateThatABatchWidensStays() {
        Value x = graph.addInput(
                "x",
                new TensorType(
                        OnnxType.FLOAT,
                        new TensorShape(List.of(Dim.of(STEPS), Dim.symbol("batch"), Dim.of(FEATURES)))));
        Value initial = graph.addInput("initial", floats(1, UNITS));
        OnnxGraph body = graph.nested("body");
        TensorType open = new TensorType(OnnxType.FLOAT, new TensorShape(List.of(Dim.UNKNOWN, Dim.of(UNITS))));
        Value h = body.addParameter("h", open);
        Value part = body.addParameter(
                "part",
                new TensorType(OnnxType.FLOAT, new TensorShape(List.of(Dim.symbol("batch"), Dim.of(FEATURES)))));
        Value next = tanh(new GraphBuilder(body), affine(new GraphBuilder(body), part, h, UNITS));
        body.addResult("next", next);
        graph.bindOutput(
                "y",
                b.apply(StandardOp.SCAN, Attributes.NONE.with("body", body).with("num_scan_inputs", 1), initial, x));
        stays();
    }
}
