package io.portolan.converter.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.tensorflow.ProtoGraph.Variable;
import io.portolan.converter.tensorflow.handlers.StandardHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TInt32;

/** The control flow of TensorFlow 1 computes in ONNX what it does in TensorFlow. */
class EarlierControlFlowTest {
    private static final DataType FLOAT = DataType.DT_FLOAT;
    private static final DataType INT = DataType.DT_INT32;

    /** A few roundings of float32 in short sums. */
    private static final double ROUNDING = 1e-6;

    private final Graph graph = new Graph();
    private final ProtoGraph g = new ProtoGraph();
    private final String x = g.placeholder("x", FLOAT, -1, 2);
    private final String n = g.placeholder("n", INT);

    @AfterEach
    void close() {
        graph.close();
    }

    private static final float[] VALUES = {.5f, 1, -.25f, 2};

    /** Compares for some values of n. */
    private WholeGraph check(List<String> outputs, int... counts) throws Exception {
        graph.importGraphDef(g.definition());
        Output<?>[] tensors = outputs.stream()
                .map(TensorName::parse)
                .map(name -> graph.operationOrThrow(name.node()).output(name.index()))
                .toArray(Output<?>[]::new);
        WholeGraph last = null;
        for (int count : counts) {
            last = WholeGraph.check(
                    graph,
                    Map.of("x", TensorData.of(VALUES, 2, 2), "n", TensorData.scalar(OnnxType.INT32, count)),
                    ROUNDING,
                    tensors);
        }
        return last;
    }

    private void importTo(String output) {
        new TensorFlowImporter(StandardHandlers.registry())
                .importGraph(g.definition(), Map.of("x", "x", "n", "n"), Map.of(output, "y"));
    }

    private String less(String name, String counter, String limit) {
        return g.node("Less", name, INT, counter, limit);
    }

    private String increment(String name, String counter) {
        return g.node("AddV2", name, INT, counter, g.constant(name + "/one", 1, "^" + counter));
    }

    @Test
    void theLoopOfTensorFlowJavaIsConverted() throws Exception {
        try (Graph other = new Graph()) {
            Ops tf = Ops.create(other);
            var start = tf.withName("n").placeholder(TInt32.class);
            Output<?>[] results = other.whileLoop(
                    new Output<?>[] {start.asOutput()},
                    (inner, inputs, outputs) -> outputs[0] = Ops.create(inner)
                            .math
                            .less(ints(inputs[0]), Ops.create(inner).constant(9))
                            .asOutput(),
                    (inner, inputs, outputs) -> outputs[0] = Ops.create(inner)
                            .math
                            .add(ints(inputs[0]), Ops.create(inner).constant(4))
                            .asOutput(),
                    "loop");
            // A placeholder without a shape is given one.
            var definition = other.toGraphDef().toBuilder();
            definition.getNodeBuilderList().stream()
                    .filter(node -> node.getName().equals("n"))
                    .forEach(node -> node.putAttr(
                            "shape",
                            AttrValue.newBuilder()
                                    .setShape(TensorShapeProto.getDefaultInstance())
                                    .build()));
            graph.importGraphDef(definition.build());
            Output<?> result = graph.operationOrThrow(results[0].op().name()).output(0);
            for (int from : new int[] {0, 7, 12}) {
                WholeGraph.check(graph, Map.of("n", TensorData.scalar(OnnxType.INT32, from)), 0, result);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static Operand<TInt32> ints(Operand<?> operand) {
        return (Operand<TInt32>) operand;
    }

    @Test
    void aLoopReadsWhatDoesNotChange() throws Exception {
        List<String> exits = g.loop(
                "while",
                List.of(new Variable(g.constant("zero", 0), INT), new Variable(x, FLOAT)),
                v -> less("while/Less", v.get(0), g.enter("while/limit", INT, "while", true, n)),
                v -> List.of(
                        increment("while/inc", v.get(0)),
                        g.node(
                                "AddV2",
                                "while/sum",
                                FLOAT,
                                g.node("Tanh", "while/tanh", FLOAT, v.get(1)),
                                g.enter("while/x", FLOAT, "while", true, x))));
        WholeGraph converted = check(List.of(exits.get(1), exits.get(0)), 0, 1, 4);
        assertThat(converted.operators()).contains("Loop", "Tanh").doesNotContain("Less");
    }

    /** What does not change comes into the inner loop through the outer one. */
    @Test
    void aLoopMayBeInALoop() throws Exception {
        List<String> exits = g.loop(
                "outer",
                List.of(new Variable(g.constant("zero", 0), INT), new Variable(x, FLOAT)),
                v -> less("outer/Less", v.get(0), g.enter("outer/limit", INT, "outer", true, n)),
                v -> {
                    String matrix = g.enter("outer/x", FLOAT, "outer", true, x);
                    List<String> inner = g.loop(
                            "outer/inner",
                            List.of(new Variable(v.get(0), INT), new Variable(v.get(1), FLOAT)),
                            w -> less("outer/inner/Less", w.get(0), g.constant("outer/inner/three", 3, "^" + w.get(0))),
                            w -> List.of(
                                    increment("outer/inner/inc", w.get(0)),
                                    g.node(
                                            "AddV2",
                                            "outer/inner/sum",
                                            FLOAT,
                                            g.node("Sin", "outer/inner/sin", FLOAT, w.get(1)),
                                            g.enter("outer/inner/x", FLOAT, "outer/inner", true, matrix))));
                    return List.of(increment("outer/inc", v.get(0)), g.node("Neg", "outer/neg", FLOAT, inner.get(1)));
                });
        WholeGraph converted = check(List.of(exits.get(1)), 0, 1, 5);
        assertThat(converted.operators()).filteredOn("Loop"::equals).hasSize(2);
    }

    @Test
    void aBranchHasSeveralResults() throws Exception {
        String condition = g.node("Less", "Less", INT, n, g.constant("three", 3));
        List<String> results = g.branch(
                "cond",
                condition,
                FLOAT,
                List.of(x),
                yes -> List.of(
                        g.node("Exp", "cond/exp", FLOAT, yes.captured().get(0)),
                        g.constant("cond/one", 1f, yes.control())),
                no -> List.of(
                        g.node("Sin", "cond/sin", FLOAT, no.captured().get(0)),
                        g.constant("cond/two", 2f, no.control())));
        List<String> all = new ArrayList<>(results);
        all.add(results.get(0) + ":1");
        WholeGraph converted = check(all, 2, 3);
        assertThat(converted.operators()).filteredOn("If"::equals).hasSize(1);
    }

    /** Tools that prepare a graph for inference leave out control edges. */
    @Test
    void aConstantBranchNeedsNoControlEdge() throws Exception {
        String condition = g.node("Less", "Less", INT, n, g.constant("three", 3));
        String chosen = g.node("Switch", "switch", FLOAT, g.constant("five", 5f), condition) + ":1";
        g.node("Identity", "zero", FLOAT, g.constant("zeros", 0f));
        g.node("Merge", "merge", FLOAT, "zero", g.node("Neg", "neg", FLOAT, chosen));
        g.with("N", AttrValue.newBuilder().setI(2));
        importTo("merge");
    }

    @Test
    void branchesMayBeInBranchesAndBehindOthers() throws Exception {
        String condition = g.node("Less", "Less", INT, n, g.constant("three", 3));
        String other = g.node("Less", "Less_1", INT, n, g.constant("one", 1));
        String first = g.branch(
                        "first",
                        condition,
                        FLOAT,
                        List.of(x),
                        yes -> List.of(g.branch(
                                        "first/inner",
                                        g.node("Switch", "first/other", DataType.DT_BOOL, other, condition) + ":1",
                                        FLOAT,
                                        yes.captured(),
                                        inner -> List.of(g.node(
                                                "Exp",
                                                "exp",
                                                FLOAT,
                                                inner.captured().get(0))),
                                        inner -> List.of(g.node(
                                                "AddV2",
                                                "add",
                                                FLOAT,
                                                inner.captured().get(0),
                                                g.constant("five", 5f, inner.control()))))
                                .get(0)),
                        no -> List.of(g.node("Neg", "neg", FLOAT, no.captured().get(0))))
                .get(0);
        String second = g.branch(
                        "second",
                        condition,
                        FLOAT,
                        List.of(first, x),
                        yes -> List.of(g.node(
                                "Mul",
                                "mul",
                                FLOAT,
                                yes.captured().get(0),
                                yes.captured().get(1))),
                        no -> List.of(
                                g.node("Identity", "same", FLOAT, no.captured().get(0))))
                .get(0);
        check(List.of(second), 0, 2, 4);
    }

    @Test
    void aBranchInALoopAndALoopInABranch() throws Exception {
        List<String> exits = g.loop(
                "while",
                List.of(new Variable(g.constant("zero", 0), INT), new Variable(x, FLOAT)),
                v -> less("while/Less", v.get(0), g.enter("while/limit", INT, "while", true, n)),
                v -> {
                    String isEarly = less("while/early", v.get(0), g.constant("while/two", 2, "^" + v.get(0)));
                    String branch = g.branch(
                                    "while/cond",
                                    isEarly,
                                    FLOAT,
                                    List.of(v.get(1)),
                                    yes -> List.of(g.node(
                                            "Exp",
                                            "while/exp",
                                            FLOAT,
                                            yes.captured().get(0))),
                                    no -> List.of(g.node(
                                            "Sin",
                                            "while/sin",
                                            FLOAT,
                                            no.captured().get(0))))
                            .get(0);
                    return List.of(increment("while/inc", v.get(0)), branch);
                });
        String condition = g.node("Less", "Less", INT, n, g.constant("three", 3));
        String result = g.branch(
                        "cond",
                        condition,
                        FLOAT,
                        List.of(exits.get(1)),
                        yes -> List.of(
                                g.node("Neg", "neg", FLOAT, yes.captured().get(0))),
                        no -> List.of(g.loop(
                                        "cond/while",
                                        List.of(
                                                new Variable(g.constant("cond/zero", 0, no.control()), INT),
                                                new Variable(no.captured().get(0), FLOAT)),
                                        w -> less(
                                                "cond/while/Less",
                                                w.get(0),
                                                g.constant("cond/while/two", 2, "^" + w.get(0))),
                                        w -> List.of(
                                                increment("cond/while/inc", w.get(0)),
                                                g.node("Tanh", "cond/while/tanh", FLOAT, w.get(1))))
                                .get(1)))
                .get(0);
        check(List.of(result), 0, 2, 3, 5);
    }

    @Test
    void aBranchThatNeverRunsIsLeftOut() throws Exception {
        String isTraining = g.constant("is_training", false);
        String chosen = g.node("Switch", "switch", FLOAT, x, isTraining);
        g.node("NoSuchOp", "dropped", FLOAT, chosen + ":1");
        g.node("Merge", "merge", FLOAT, g.node("Exp", "exp", FLOAT, chosen), "dropped");
        g.with("N", AttrValue.newBuilder().setI(2));
        importTo("merge");
        importTo("exp");
    }

    @Test
    void aChoiceMayHaveManyCases() throws Exception {
        g.node("_SwitchN", "switch", FLOAT, x, n);
        g.with("num_outs", AttrValue.newBuilder().setI(3));
        g.node("Exp", "a", FLOAT, "switch");
        g.node("Sin", "b", FLOAT, "switch:1");
        g.node("Neg", "c", FLOAT, "switch:2");
        g.node("Merge", "merge", FLOAT, "a", "b", "c");
        g.with("N", AttrValue.newBuilder().setI(3));
        check(List.of("merge"), 0, 1, 2, 7);
    }

    private String array(String name, String size, boolean grows, long... element) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (long sizes : element) {
            shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(sizes));
        }
        g.node("TensorArrayV3", name, FLOAT, size);
        g.with("dtype", AttrValue.newBuilder().setType(FLOAT))
                .with("dynamic_size", AttrValue.newBuilder().setB(grows))
                .with("clear_after_read", AttrValue.newBuilder().setB(false))
                .with("element_shape", AttrValue.newBuilder().setShape(shape));
        return name;
    }

    private String arrayOp(String op, String name, String... inputs) {
        g.node(op, name, FLOAT, inputs);
        g.with("dtype", AttrValue.newBuilder().setType(FLOAT));
        return name;
    }

    private String range(String name, String limit) {
        String range = g.node("Range", name, INT, g.constant(name + "/from", 0), limit, g.constant(name + "/step", 1));
        g.with("Tidx", AttrValue.newBuilder().setType(INT));
        return range;
    }

    /** As {@code dynamic_rnn} makes it: rows of x come from an array, states go to another. */
    private List<String> recurrence(boolean grows) {
        String rows = g.constant("rows", 2);
        String in = array("in", rows, false, 2);
        String filled = arrayOp("TensorArrayScatterV3", "unstack", in, range("indices", rows), x, in + ":1");
        String out = array("out", grows ? g.constant("none", 0) : rows, grows, 2);
        String start = g.node(
                "Mul",
                "start",
                FLOAT,
                arrayOp("TensorArrayReadV3", "first", in, g.constant("at", 0), filled),
                g.constant("nil", 0f));
        List<String> exits = g.loop(
                "while",
                List.of(
                        new Variable(g.constant("zero", 0), INT),
                        new Variable(start, FLOAT),
                        new Variable(out + ":1", FLOAT)),
                v -> less("while/Less", v.get(0), g.enter("while/limit", INT, "while", true, rows)),
                v -> {
                    String row = arrayOp(
                            "TensorArrayReadV3",
                            "while/read",
                            handle("while/in", in),
                            v.get(0),
                            g.enter("while/flow", FLOAT, "while", true, filled));
                    String state =
                            g.node("AddV2", "while/state", FLOAT, g.node("Tanh", "while/tanh", FLOAT, v.get(1)), row);
                    return List.of(
                            increment("while/inc", v.get(0)),
                            state,
                            arrayOp(
                                    "TensorArrayWriteV3",
                                    "while/write",
                                    handle("while/out", out),
                                    v.get(0),
                                    state,
                                    v.get(2)));
                });
        return List.of(out, exits.get(2), exits.get(1));
    }

    private String handle(String name, String array) {
        return g.enter(name, DataType.DT_RESOURCE, "while", true, array);
    }

    @Test
    void arraysOfARecurrentLayerAreStackedByTheLoop() throws Exception {
        List<String> layer = recurrence(false);
        String size = arrayOp("TensorArraySizeV3", "size", layer.get(0), layer.get(1));
        String stack = arrayOp("TensorArrayGatherV3", "stack", layer.get(0), range("all", size), layer.get(1));
        WholeGraph converted = check(List.of(stack, layer.get(2), size), 0);
        assertThat(converted.operators()).contains("Loop").doesNotContain("ScatterND");
    }

    @Test
    void anArrayMayGrow() throws Exception {
        List<String> layer = recurrence(true);
        String size = arrayOp("TensorArraySizeV3", "size", layer.get(0), layer.get(1));
        String last = g.vector("last", 1, 0, 1);
        check(List.of(size, arrayOp("TensorArrayGatherV3", "some", layer.get(0), last, layer.get(1))), 0);
    }

    @Test
    void elementsAreStoredAnywhere() throws Exception {
        String array = array("array", g.constant("four", 4), false, 2);
        String filled = arrayOp("TensorArrayScatterV3", "scatter", array, g.vector("places", 3, 1), x, array + ":1");
        String one = arrayOp("TensorArrayReadV3", "one", array, g.constant("three", 3), filled);
        String size = arrayOp("TensorArraySizeV3", "size", array, filled);
        check(List.of(one, size), 0);
    }

    @Test
    void elementsOfEqualSizeAreConcatenated() throws Exception {
        List<String> layer = recurrence(false);
        arrayOp("TensorArrayConcatV3", "concat", layer.get(0), layer.get(1));
        check(List.of("concat", "concat:1"), 0);
    }

    /** Row by row: a Scan would want states that keep their sizes. */
    @Test
    void aStateThatGrowsWithTheRowsStaysALoop() throws Exception {
        g.node("Shape", "shape", FLOAT, x);
        g.node("StridedSlice", "rows", INT, "shape", g.vector("from", 0), g.vector("to", 1), g.vector("by", 1));
        g.with("Index", AttrValue.newBuilder().setType(INT))
                .with("shrink_axis_mask", AttrValue.newBuilder().setI(1));
        List<String> exits = g.loop(
                "while",
                List.of(new Variable(g.constant("zero", 0), INT), new Variable(x, FLOAT)),
                v -> less("while/Less", v.get(0), g.enter("while/limit", INT, "while", true, "rows")),
                v -> {
                    g.node(
                            "GatherV2",
                            "while/row",
                            FLOAT,
                            g.enter("while/x", FLOAT, "while", true, x),
                            v.get(0),
                            g.constant("while/first", 0, "^" + v.get(0)));
                    g.with("Tparams", AttrValue.newBuilder().setType(FLOAT))
                            .with("Tindices", AttrValue.newBuilder().setType(INT))
                            .with("Taxis", AttrValue.newBuilder().setType(INT));
                    g.node("ExpandDims", "while/last", FLOAT, "while/row", "while/first");
                    g.with("Tdim", AttrValue.newBuilder().setType(INT));
                    g.node("ConcatV2", "while/longer", FLOAT, v.get(1), "while/last", "while/first");
                    g.with("N", AttrValue.newBuilder().setI(2))
                            .with("Tidx", AttrValue.newBuilder().setType(INT));
                    return List.of(increment("while/inc", v.get(0)), "while/longer");
                });
        assertThat(check(List.of(exits.get(1)), 0).operators()).contains("Loop");
    }

    @Test
    void partOfALoopIsNoOutput() {
        List<String> exits = g.loop(
                "while",
                List.of(new Variable(n, INT)),
                v -> less("while/Less", v.get(0), g.constant("while/three", 3, "^" + v.get(0))),
                v -> List.of(increment("while/inc", v.get(0))));
        assertThat(exits).hasSize(1);
        assertThatExceptionOfType(UnsupportedOpsException.class)
                .isThrownBy(() -> importTo("while/inc"))
                .withMessageContaining("name outputs behind the loop");
    }

    @Test
    void whatRunsInOneCaseOnlyIsNoOutput() {
        String condition = g.node("Less", "Less", INT, n, g.constant("three", 3));
        g.node("Exp", "exp", FLOAT, g.node("Switch", "switch", FLOAT, x, condition) + ":1");
        assertThatExceptionOfType(UnsupportedOpsException.class)
                .isThrownBy(() -> importTo("exp"))
                .withMessageContaining("name outputs behind the Merge");
    }

    @Test
    void aMergeOfWhatAlwaysRunsIsRefused() {
        g.node("Merge", "merge", FLOAT, x, g.node("Exp", "exp", FLOAT, x));
        g.with("N", AttrValue.newBuilder().setI(2));
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> importTo("merge"))
                .withMessageContaining("Node merge (Merge): expected each input to come from another output");
    }

    @Test
    void branchesThatAreNestedWithoutEndAreRefused() {
        String last = x;
        for (int i = 0; i < 300; i++) {
            String condition = g.node("Less", "less_" + i, INT, n, g.constant("limit_" + i, i));
            last = g.node("Switch", "switch_" + i, FLOAT, last, condition) + ":1";
        }
        g.node("Exp", "exp", FLOAT, last);
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> importTo("exp"))
                .withMessageContaining("more than 200 deep");
    }

    @Test
    void switchesThatReadOneAnotherInACircleAreRefused() {
        g.enter("enter", FLOAT, "frame", false, x);
        g.node("Merge", "merge", FLOAT, "enter", "next");
        g.constant("true", true, "^merge");
        g.node("LoopCond", "condition", FLOAT, "true");
        g.node("Switch", "one", FLOAT, "other:1", "condition");
        g.node("Switch", "other", FLOAT, "one:1", "condition");
        g.node("NextIteration", "next", FLOAT, "one:1");
        g.node("Exit", "exit", FLOAT, "one");
        assertThatExceptionOfType(ConversionException.class).isThrownBy(() -> importTo("exit"));
    }

    @Test
    void aLoopThatDoesNotGoOnIsRefused() {
        g.enter("enter", FLOAT, "frame", false, x);
        g.node("Merge", "merge", FLOAT, "enter", "enter");
        g.constant("true", true, "^merge");
        g.node("LoopCond", "condition", FLOAT, "true");
        g.node("Switch", "switch", FLOAT, "merge", "condition");
        g.node("Exit", "exit", FLOAT, "switch");
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> importTo("exit"))
                .withMessageContaining("Node merge (Merge): expected it to merge an Enter and a NextIteration");
    }
}
