package io.portolan.converter.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.tensorflow.handlers.StandardHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/** Functions, branches and loops compute in ONNX what they do in TensorFlow. */
class ControlFlowTest {
    /** A few roundings of float32 in short sums. */
    private static final double ROUNDING = 1e-6;

    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final Operand<TFloat32> x =
            tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2)));
    private final Operand<TInt32> n = tf.withName("n").placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    private final List<ConcreteFunction> functions = new ArrayList<>();

    @AfterEach
    void close() {
        functions.forEach(ConcreteFunction::close);
        graph.close();
    }

    /** An argument of a function: its type and shape. */
    private record Argument(Class<? extends TType> type, Shape shape) {}

    private static final Argument NUMBER = new Argument(TInt32.class, Shape.scalar());
    private static final Argument MATRIX = new Argument(TFloat32.class, Shape.of(-1, 2));

    @SuppressWarnings("unchecked")
    private static Operand<TFloat32> floats(Operand<?> operand) {
        return (Operand<TFloat32>) operand;
    }

    @SuppressWarnings("unchecked")
    private static Operand<TInt32> ints(Operand<?> operand) {
        return (Operand<TInt32>) operand;
    }

    private ConcreteFunction function(
            String name, List<Argument> arguments, BiFunction<Ops, List<Operand<?>>, List<Operand<?>>> body) {
        ConcreteFunction made = ConcreteFunction.create(inner -> {
            Signature.Builder signature = Signature.builder(name);
            List<Operand<?>> given = new ArrayList<>();
            for (Argument argument : arguments) {
                Operand<?> placeholder = inner.placeholder(argument.type(), Placeholder.shape(argument.shape()));
                signature.input("in" + given.size(), placeholder);
                given.add(placeholder);
            }
            List<Operand<?>> results = body.apply(inner, given);
            // An argument that is handed on must be so by a node.
            IntStream.range(0, results.size())
                    .forEach(i -> signature.output("out" + i, inner.identity(results.get(i))));
            return signature.build();
        });
        functions.add(made);
        return made;
    }

    private WholeGraph check(float[] values, int count, Operand<?>... outputs) throws Exception {
        return WholeGraph.check(
                graph,
                Map.of("x", TensorData.of(values, values.length / 2, 2), "n", TensorData.scalar(OnnxType.INT32, count)),
                ROUNDING,
                outputs);
    }

    @Test
    void callsAreReplacedByWhatTheyCall() throws Exception {
        ConcreteFunction inner = function(
                "inner",
                List.of(MATRIX, MATRIX),
                (f, a) -> List.of(f.math.sub(floats(a.get(0)), floats(a.get(1))), a.get(0)));
        ConcreteFunction outer = function("outer", List.of(MATRIX), (f, a) -> {
            List<Output<?>> parts = call(f, inner, f.math.mul(floats(a.get(0)), f.constant(3f)), a.get(0));
            return List.of(f.math.tanh(floats(parts.get(0))), parts.get(1));
        });
        List<Output<?>> results = call(tf, outer, x);
        WholeGraph converted = check(new float[] {.1f, .2f, -.3f, .4f}, 0, results.get(0), results.get(1));
        assertThat(converted.operators()).containsExactly("Mul", "Sub", "Tanh");
    }

    private static List<Output<?>> call(Ops tf, ConcreteFunction function, Operand<?>... inputs) {
        return tf.partitionedCall(List.of(inputs), List.of(TFloat32.class, TFloat32.class), function)
                .output();
    }

    @Test
    void aFunctionCalledByItsNameIsReplacedToo() throws Exception {
        ConcreteFunction twice =
                function("twice", List.of(MATRIX), (f, a) -> List.of(f.math.add(floats(a.get(0)), floats(a.get(0)))));
        Operand<?> called = tf.call(twice, x);
        graph.attachFunction(twice);
        Output<?> direct = graph.baseScope()
                .opBuilder(twice.getDefinedName(), "direct")
                .addInput(x.asOutput())
                .build()
                .output(0);
        WholeGraph converted = check(new float[] {1, 2}, 0, called, direct);
        assertThat(converted.operators()).startsWith("Add").doesNotContain("PartitionedCall");
    }

    private Operand<?> branch(Operand<? extends TType> condition) {
        ConcreteFunction yes =
                function("yes", List.of(MATRIX, NUMBER), (f, a) -> List.of(f.math.exp(floats(a.get(0))), a.get(1)));
        // The constant and the argument are outputs that no node of the branch makes.
        ConcreteFunction no = function("no", List.of(MATRIX, NUMBER), (f, a) -> List.of(a.get(0), f.constant(7)));
        return tf.statelessIf(condition, List.of(x, n), List.of(TFloat32.class, TInt32.class), yes, no)
                .output()
                .get(0);
    }

    @Test
    void aBranchIsTakenAsInTensorFlow() throws Exception {
        Operand<?> result = branch(tf.math.greater(n, tf.constant(3)));
        assertThat(check(new float[] {1, 2}, 3, result).operators()).contains("If", "Exp");
        check(new float[] {1, 2}, 4, result);
    }

    @Test
    void aNumberOtherThanZeroIsTrue() throws Exception {
        Operand<?> result = branch(n);
        check(new float[] {1, 2}, 0, result);
        check(new float[] {1, 2}, -3, result);
    }

    @Test
    void aBranchThatIsKnownBeforehandIsAllThatIsLeft() throws Exception {
        assertThat(check(new float[] {1, 2}, 0, branch(tf.constant(true))).operators())
                .containsExactly("Exp");
    }

    @Test
    void casesBeyondTheLastRunTheLast() throws Exception {
        List<ConcreteFunction> branches = IntStream.range(0, 3)
                .mapToObj(i -> function(
                        "case" + i,
                        List.of(MATRIX),
                        (f, a) -> List.of(f.math.mul(floats(a.get(0)), f.constant(i + 2f)))))
                .toList();
        Operand<?> result = tf.statelessCase(n, List.of(x), List.of(TFloat32.class), branches)
                .output()
                .get(0);
        for (int index = -1; index < 4; index++) {
            check(new float[] {1, 2}, index, result);
        }
    }

    @Test
    void moreCasesThanCanStandInOneAnotherAreRefused() {
        ConcreteFunction same = function("same", List.of(MATRIX), (f, a) -> List.of(a.get(0)));
        Operand<?> result = tf.statelessCase(n, List.of(x), List.of(TFloat32.class), Collections.nCopies(100, same))
                .output()
                .get(0);
        assertThatThrownBy(() -> check(new float[] {1, 2}, 0, result))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("more than 50 deep");
    }

    /** Each of them twice: a condition that is walked anew for each use would not end. */
    @Test
    void aConditionOfThousandsOfTermsIsWalkedOnce() throws Exception {
        List<Argument> variables = List.of(NUMBER, MATRIX);
        ConcreteFunction condition = function("terms", variables, (f, a) -> {
            Operand<TBool> all = f.math.less(ints(a.get(0)), f.constant(3));
            for (int i = 0; i < 5_000; i++) {
                all = f.math.logicalAnd(all, all);
            }
            return List.of(all);
        });
        ConcreteFunction body = function(
                "doubles",
                variables,
                (f, a) -> List.of(
                        f.math.add(ints(a.get(0)), f.constant(1)), f.math.add(floats(a.get(1)), floats(a.get(1)))));
        check(
                new float[] {1, 2},
                0,
                loop(List.of(tf.constant(0), x), condition, body).get(1));
    }

    private List<Output<?>> loop(List<Operand<?>> initial, ConcreteFunction condition, ConcreteFunction body) {
        return tf.statelessWhile(initial, condition, body).output();
    }

    @Test
    void aLoopRunsUntilItsConditionFails() throws Exception {
        List<Argument> variables = List.of(MATRIX, MATRIX);
        ConcreteFunction condition = function(
                "below",
                variables,
                (f, a) -> List.of(f.math.less(
                        f.reduceSum(floats(a.get(0)), f.constant(new int[] {0, 1})), f.constant(100f))));
        ConcreteFunction body = function(
                "grow",
                variables,
                (f, a) -> List.of(
                        f.math.add(f.math.mul(floats(a.get(0)), f.constant(1.5f)), floats(a.get(1))), a.get(1)));
        Output<?> result = loop(List.of(x, tf.math.abs(x)), condition, body).get(0);
        WholeGraph converted = check(new float[] {.5f, 1, .25f, 2}, 0, result);
        assertThat(converted.operators()).contains("Loop").contains("Less");
        // What does not change in the loop is not carried through it.
        assertThat(loopNode(converted).inputs()).hasSize(3);
        check(new float[] {200, 1}, 0, result);
    }

    /** Such as the greatest common divisor of two lengths; the matrix is only handed on. */
    @Test
    void aLoopOverKnownNumbersIsRunBeforehand() throws Exception {
        List<Argument> variables = List.of(NUMBER, NUMBER, MATRIX);
        ConcreteFunction condition =
                function("rest", variables, (f, a) -> List.of(f.math.notEqual(ints(a.get(1)), f.constant(0))));
        ConcreteFunction body = function(
                "euclid",
                variables,
                (f, a) -> List.of(a.get(1), f.math.floorMod(ints(a.get(0)), ints(a.get(1))), a.get(2)));
        List<Output<?>> results =
                loop(List.of(tf.math.mul(tf.rank(x), tf.constant(6)), tf.constant(16), x), condition, body);
        WholeGraph converted = check(
                new float[] {1, 2},
                0,
                tf.math.mul(floats(results.get(2)), tf.dtypes.cast(results.get(0), TFloat32.class)));
        assertThat(converted.operators()).containsExactly("Mul");
    }

    private static Node loopNode(WholeGraph converted) {
        return converted
                .onnx()
                .allNodes()
                .filter(node -> node.op().opName().equals("Loop"))
                .findFirst()
                .orElseThrow();
    }

    private Output<?> countedSum(Operand<TInt32> turns) {
        List<Argument> variables = List.of(NUMBER, NUMBER, MATRIX);
        ConcreteFunction condition =
                function("counts", variables, (f, a) -> List.of(f.math.less(ints(a.get(0)), ints(a.get(1)))));
        ConcreteFunction body = function(
                "adds",
                variables,
                (f, a) -> List.of(
                        f.math.add(ints(a.get(0)), f.constant(1)),
                        a.get(1),
                        f.math.add(
                                f.math.mul(floats(a.get(2)), f.constant(.5f)),
                                f.dtypes.cast(ints(a.get(0)), TFloat32.class))));
        return loop(List.of(tf.constant(0), turns, x), condition, body).get(2);
    }

    @Test
    void aLoopThatOnlyCountsHasItsNumberOfTurnsBeforehand() throws Exception {
        Output<?> result = countedSum(n);
        WholeGraph converted = check(new float[] {.5f, 1, .25f, 2}, 5, result);
        assertThat(converted.operators()).contains("Loop").doesNotContain("Less");
        assertThat(loopNode(converted).outputs().get(1).shape().toString()).isEqualTo("(batch, 2)");
        check(new float[] {.5f, 1}, 0, result);
        check(new float[] {.5f, 1}, -2, result);
    }

    @Test
    void aLoopMayGrowItsVariables() throws Exception {
        List<Argument> variables = List.of(NUMBER, MATRIX);
        ConcreteFunction condition =
                function("few", variables, (f, a) -> List.of(f.math.less(ints(a.get(0)), f.constant(3))));
        ConcreteFunction body = function(
                "double",
                variables,
                (f, a) -> List.of(
                        f.math.add(ints(a.get(0)), f.constant(1)),
                        f.concat(List.of(floats(a.get(1)), floats(a.get(1))), f.constant(0))));
        Output<?> result = graph.baseScope()
                .opBuilder("StatelessWhile", "growing")
                .addInputList(new Output<?>[] {tf.constant(0).asOutput(), x.asOutput()})
                .setAttr("cond", condition)
                .setAttr("body", body)
                .setAttr("output_shapes", new Shape[] {Shape.scalar(), Shape.of(-1, 2)})
                .build()
                .output(1);
        assertThat(check(new float[] {.5f, 1}, 5, result).results().get(0).shape())
                .containsExactly(8, 2);
    }

    @Test
    void aLoopInALoopAndABranchInBoth() throws Exception {
        List<Argument> variables = List.of(NUMBER, MATRIX);
        ConcreteFunction yes = function("y", List.of(MATRIX), (f, a) -> List.of(f.math.sin(floats(a.get(0)))));
        ConcreteFunction no = function("z", List.of(MATRIX), (f, a) -> List.of(f.math.cos(floats(a.get(0)))));
        ConcreteFunction innerCondition =
                function("ic", variables, (f, a) -> List.of(f.math.less(ints(a.get(0)), f.constant(2))));
        ConcreteFunction innerBody = function(
                "ib",
                variables,
                (f, a) -> List.of(
                        f.math.add(ints(a.get(0)), f.constant(1)),
                        f.statelessIf(
                                        f.math.equal(ints(a.get(0)), f.constant(1)),
                                        List.of(a.get(1)),
                                        List.of(TFloat32.class),
                                        yes,
                                        no)
                                .output()
                                .get(0)));
        ConcreteFunction outerCondition =
                function("oc", variables, (f, a) -> List.of(f.math.less(ints(a.get(0)), f.constant(3))));
        ConcreteFunction outerBody = function(
                "ob",
                variables,
                (f, a) -> List.of(
                        f.math.add(ints(a.get(0)), f.constant(1)),
                        f.statelessWhile(List.of(f.constant(0), a.get(1)), innerCondition, innerBody)
                                .output()
                                .get(1)));
        Output<?> result =
                loop(List.of(tf.constant(0), x), outerCondition, outerBody).get(1);
        WholeGraph converted = check(new float[] {.5f, 1, .25f, 2}, 0, result);
        assertThat(converted.operators())
                .contains("Sin", "Cos", "If")
                .filteredOn("Loop"::equals)
                .hasSize(2);
    }

    @Test
    void unsupportedOpsOfLoopsAreNamedWithThoseAroundThem() {
        List<Argument> variables = List.of(MATRIX);
        ConcreteFunction condition = function("c", variables, (f, a) -> List.of(f.constant(false)));
        ConcreteFunction body = function(
                "b", variables, (f, a) -> List.of(f.linalg.qr(floats(a.get(0))).q()));
        Output<?> looped = tf.withName("loop")
                .statelessWhile(List.of(x), condition, body)
                .output()
                .get(0);
        assertThatExceptionOfType(UnsupportedOpsException.class)
                .isThrownBy(
                        () -> importTo(tf.random.randomShuffle(floats(looped)).asOutput()))
                .withMessageContaining("RandomShuffle at")
                .withMessageContaining("Qr at loop/");
    }

    private void importTo(Output<?> output) {
        new TensorFlowImporter(StandardHandlers.registry())
                .importGraph(graph.toGraphDef(), Map.of("x", "x", "n", "n"), Map.of(RawOps.tensorName(output), "y"));
    }
}
