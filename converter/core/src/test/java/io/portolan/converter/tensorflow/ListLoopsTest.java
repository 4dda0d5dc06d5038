package io.portolan.converter.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portolan.converter.ir.TensorData;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.tensorflow.handlers.StandardHandlers;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/** Loops over lists of tensors that do anything but set each element once, and functions that never end. */
class ListLoopsTest {
    private static final DataType FLOAT = DataType.DT_FLOAT;
    private static final Map<String, Object> FLOATS = Map.of("element_dtype", FLOAT);
    private static final FunctionDefs.Argument NUMBER = new FunctionDefs.Argument(DataType.DT_INT32, Shape.scalar());
    private static final FunctionDefs.Argument LIST = new FunctionDefs.Argument(DataType.DT_VARIANT, Shape.scalar());
    private static final FunctionDefs.Argument MATRIX = new FunctionDefs.Argument(FLOAT, Shape.of(-1, 2));
    private static final int TURNS = 3;

    private final Network net = new Network();
    private final Output<?> x = net.input("x", FLOAT, -1, 2);

    @AfterEach
    void close() {
        net.close();
    }

    /** Stacks a list after some iterations with a counter, a list and a loop-invariant matrix. */
    private Output<?> stacked(
            Output<?> list, int[] elementShape, BiFunction<RawOps, List<Output<?>>, Output<?>> nextList) {
        List<FunctionDefs.Argument> variables = List.of(NUMBER, LIST, MATRIX);
        FunctionDef condition =
                FunctionDefs.of("few", variables, (f, v) -> List.of(f.op("Less", v.get(0), f.scalar(TURNS))));
        FunctionDef body = FunctionDefs.of(
                "turn",
                variables,
                (f, v) -> List.of(f.op("AddV2", v.get(0), f.scalar(1)), nextList.apply(f, v), v.get(2)));
        Output<?> result = net.loop("StatelessWhile", List.of(net.ops().scalar(0), list, x), condition, body)
                .get(1);
        return net.op("TensorListStack", FLOATS, result, net.ops().ints(elementShape));
    }

    private Output<?> reserve(int count, int... elementShape) {
        return net.op(
                "TensorListReserve",
                FLOATS,
                net.ops().ints(elementShape),
                net.ops().scalar(count));
    }

    private WholeGraph check(Output<?> result) throws Exception {
        // Exact: only copies and products with small integers.
        return WholeGraph.check(net.graph(), Map.of("x", TensorData.of(new float[] {1, 2, -3, 4}, 2, 2)), 0, result);
    }

    private static Output<?> scaled(RawOps f, List<Output<?>> v) {
        return f.op("Mul", v.get(2), f.op("Cast", Map.of("DstT", FLOAT), v.get(0)));
    }

    @Test
    void placesThatAreNotReachedStayZero() throws Exception {
        Output<?> stack = stacked(
                reserve(5, 2, 2),
                new int[] {2, 2},
                (f, v) -> f.op("TensorListSetItem", v.get(1), v.get(0), scaled(f, v)));
        WholeGraph converted = check(stack);
        assertThat(converted.operators()).contains("Loop", "Pad").doesNotContain("ScatterND");
        assertThat(converted.results().get(0).shape()).containsExactly(5, 2, 2);
    }

    @Test
    void placesInAnotherOrderAreWrittenOneByOne() throws Exception {
        Output<?> stack = stacked(
                reserve(TURNS, 2, 2),
                new int[] {2, 2},
                (f, v) ->
                        f.op("TensorListSetItem", v.get(1), f.op("Sub", f.scalar(TURNS - 1), v.get(0)), scaled(f, v)));
        assertThat(check(stack).operators()).contains("Loop", "ScatterND");
    }

    @Test
    void elementsOfOpenSizeMakeRoomForThemselves() throws Exception {
        Output<?> stack = stacked(
                reserve(TURNS, -1, 2),
                new int[] {-1, 2},
                (f, v) ->
                        f.op("TensorListSetItem", v.get(1), f.op("Sub", f.scalar(TURNS - 1), v.get(0)), scaled(f, v)));
        assertThat(check(stack).results().get(0).shape()).containsExactly(TURNS, 2, 2);
    }

    /** A TensorArray of {@code dynamic_size}. */
    private static Output<?> put(RawOps f, Output<?> list, Output<?> place, Output<?> element) {
        return f.op("TensorListSetItem", Map.of("resize_if_index_out_of_bounds", true), list, place, element);
    }

    @Test
    void aListGrowsWithTheTurns() throws Exception {
        Output<?> stack =
                stacked(reserve(0, 2, 2), new int[] {2, 2}, (f, v) -> put(f, v.get(1), v.get(0), scaled(f, v)));
        WholeGraph converted = check(stack);
        assertThat(converted.operators()).contains("Loop").doesNotContain("ScatterND");
        assertThat(converted.results().get(0).shape()).containsExactly(TURNS, 2, 2);
    }

    @Test
    void aListThatIsLongerThanTheTurnsKeepsItsLength() throws Exception {
        Output<?> stack =
                stacked(reserve(5, 2, 2), new int[] {2, 2}, (f, v) -> put(f, v.get(1), v.get(0), scaled(f, v)));
        assertThat(check(stack).results().get(0).shape()).containsExactly(5, 2, 2);
    }

    @Test
    void aListOfOpenElementsGrows() throws Exception {
        Output<?> stack =
                stacked(reserve(0, -1, 2), new int[] {-1, 2}, (f, v) -> put(f, v.get(1), v.get(0), scaled(f, v)));
        assertThat(check(stack).results().get(0).shape()).containsExactly(TURNS, 2, 2);
    }

    @Test
    void aListGrowsToThePlaceThatIsWrittenFirst() throws Exception {
        Output<?> stack = stacked(
                reserve(0, 2, 2),
                new int[] {2, 2},
                (f, v) -> put(f, v.get(1), f.op("Sub", f.scalar(TURNS - 1), v.get(0)), scaled(f, v)));
        assertThat(check(stack).results().get(0).shape()).containsExactly(TURNS, 2, 2);
    }

    @Test
    void placesInBetweenAreZerosUntilTheyAreWritten() throws Exception {
        Output<?> stack = stacked(
                reserve(1, 2, 2),
                new int[] {2, 2},
                (f, v) -> put(
                        f,
                        put(f, v.get(1), f.scalar(0), scaled(f, v)),
                        f.op("AddV2", v.get(0), v.get(0)),
                        scaled(f, v)));
        assertThat(check(stack).results().get(0).shape()).containsExactly(2 * TURNS - 1, 2, 2);
    }

    @Test
    void aListThatIsReadInTheLoopIsCarriedThroughIt() throws Exception {
        Output<?> stack = stacked(reserve(TURNS, 2, 2), new int[] {2, 2}, (f, v) -> {
            Output<?> first = f.op("TensorListGetItem", FLOATS, v.get(1), f.scalar(0), f.ints(2, 2));
            return f.op("TensorListSetItem", v.get(1), v.get(0), f.op("AddV2", first, v.get(2)));
        });
        assertThat(check(stack).operators()).contains("Loop", "ScatterND");
    }

    @Test
    void elementsArePushedToTheEnd() throws Exception {
        Output<?> empty = net.op(
                "EmptyTensorList", FLOATS, net.ops().ints(-1, 2), net.ops().scalar(-1));
        Output<?> stack =
                stacked(empty, new int[] {-1, 2}, (f, v) -> f.op("TensorListPushBack", v.get(1), scaled(f, v)));
        assertThat(check(stack).results().get(0).shape()).containsExactly(TURNS, 2, 2);
    }

    @Test
    void aFunctionThatCallsItselfIsRefused() {
        OpDef signature = signature("forever");
        FunctionDef function = FunctionDef.newBuilder()
                .setSignature(signature)
                .addNodeDef(call("again", "forever").addInput("a"))
                .putRet("b", "again:output:0")
                .build();
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> importCall(function))
                .withMessageContaining("the function forever is recursive");
    }

    @Test
    void aLoopThatRunsItselfIsRefused() {
        FunctionDef function = FunctionDef.newBuilder()
                .setSignature(signature("forever"))
                .addNodeDef(NodeDef.newBuilder()
                        .setName("again")
                        .setOp("StatelessWhile")
                        .addInput("a")
                        .putAttr("cond", function("forever"))
                        .putAttr("body", function("forever"))
                        .putAttr("T", types()))
                .putRet("b", "again:output:0")
                .build();
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> importCall(function))
                .withMessageContaining("is recursive");
    }

    @Test
    void callsThatMultiplyWithoutMeasureAreRefused() {
        FunctionDefLibrary.Builder library = FunctionDefLibrary.newBuilder();
        int levels = 30;
        for (int level = 0; level < levels; level++) {
            FunctionDef.Builder function = FunctionDef.newBuilder()
                    .setSignature(signature("level" + level))
                    .putRet("b", "two:output:0");
            function.addNodeDef(call("one", "level" + (level + 1)).addInput("a"))
                    .addNodeDef(call("two", "level" + (level + 1)).addInput("one:output:0"));
            library.addFunction(function);
        }
        library.addFunction(FunctionDef.newBuilder()
                .setSignature(signature("level" + levels))
                .putRet("b", "a"));
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> importCall(library.build(), "level0"))
                .withMessageContaining("expands to too many nodes");
    }

    @Test
    void aFunctionThatIsNotThereIsNamed() {
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> importCall(FunctionDefLibrary.getDefaultInstance(), "lost"))
                .withMessageContaining("no function \"lost\"");
    }

    private static OpDef signature(String name) {
        return OpDef.newBuilder()
                .setName(name)
                .addInputArg(OpDef.ArgDef.newBuilder().setName("a").setType(FLOAT))
                .addOutputArg(OpDef.ArgDef.newBuilder().setName("b").setType(FLOAT))
                .build();
    }

    private static AttrValue function(String name) {
        return AttrValue.newBuilder()
                .setFunc(NameAttrList.newBuilder().setName(name))
                .build();
    }

    private static AttrValue types() {
        return AttrValue.newBuilder()
                .setList(AttrValue.ListValue.newBuilder().addType(FLOAT))
                .build();
    }

    private static NodeDef.Builder call(String name, String function) {
        return NodeDef.newBuilder()
                .setName(name)
                .setOp("PartitionedCall")
                .putAttr("f", function(function))
                .putAttr("Tin", types())
                .putAttr("Tout", types());
    }

    private void importCall(FunctionDef function) {
        importCall(
                FunctionDefLibrary.newBuilder().addFunction(function).build(),
                function.getSignature().getName());
    }

    private void importCall(FunctionDefLibrary library, String function) {
        GraphDef graph = net.graph().toGraphDef().toBuilder()
                .setLibrary(library)
                .addNode(call("call", function).addInput("x"))
                .build();
        new TensorFlowImporter(StandardHandlers.registry()).importGraph(graph, Map.of("x", "x"), Map.of("call", "y"));
    }
}
