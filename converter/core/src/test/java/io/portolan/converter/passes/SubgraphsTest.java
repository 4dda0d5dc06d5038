package io.portolan.converter.passes;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.FourierForm;
import io.portolan.converter.PassPipeline;
import io.portolan.converter.Target;
import io.portolan.converter.WeightType;
import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.onnx.ModelChecker;
import io.portolan.converter.onnx.OnnxWriter;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Passes on graphs with loops and branches: nodes inside, and the outer values that those use. */
class SubgraphsTest {
    private static final TensorType TURN = new TensorType(OnnxType.INT64, TensorShape.SCALAR);
    private static final TensorType TRUTH = new TensorType(OnnxType.BOOL, TensorShape.SCALAR);

    private final OnnxGraph graph = new OnnxGraph("test");
    private final GraphBuilder b = new GraphBuilder(graph);
    private final Value x =
            graph.addInput("x", new TensorType(OnnxType.FLOAT, TensorShape.of(Dim.symbol("batch"), Dim.of(4))));

    /** A branch, and a loop whose body contains another branch, each with nodes that the passes rewrite. */
    private void build() {
        b.scope("outer");
        Value twice = b.add(x, x);
        Value within = b.mul(x, b.like(x, 3));
        Value condition = b.apply(StandardOp.GREATER, b.reduce(StandardOp.REDUCE_SUM, x, false, 0, 1), b.like(x, 0));
        Value chosen = branch(b, condition, twice, within);

        OnnxGraph body = graph.nested("body");
        Value turn = body.addParameter("turn", TURN);
        body.addParameter("goes_on", TRUTH);
        Value state = body.addParameter("state", x.type());
        GraphBuilder inner = new GraphBuilder(body).scope("body");
        Value moved = inner.transpose(inner.transpose(state, 1, 0), 1, 0);
        Value half = inner.sub(
                inner.constant(TensorData.of(new float[] {1}, 1)), inner.constant(TensorData.of(new float[] {.5f}, 1)));
        Value isFirst = inner.apply(StandardOp.EQUAL, turn, inner.like(turn, 0));
        Value next = inner.add(inner.mul(moved, half), branch(inner, isFirst, chosen, state));
        body.addResult("goes_on", inner.constant(TensorData.scalar(OnnxType.BOOL, 1)));
        body.addResult("next", next);
        body.addResult("stacked", inner.apply(StandardOp.SOFTPLUS, next));
        List<Value> results = b.node(
                StandardOp.LOOP,
                Attributes.NONE.with("body", body),
                b.constant(TensorData.scalar(OnnxType.INT64, 3)),
                b.constant(TensorData.scalar(OnnxType.BOOL, 1)),
                x);
        graph.bindOutput("last", results.get(0));
        graph.bindOutput("stack", results.get(1));
    }

    /** One branch recomputes a value of the outer graph and computes an unused one; the other returns its input. */
    private Value branch(GraphBuilder around, Value condition, Value one, Value other) {
        OnnxGraph yes = around.graph().nested("yes");
        GraphBuilder inner = new GraphBuilder(yes).scope("yes");
        Value sum = inner.add(x, x);
        inner.neg(sum);
        yes.addResult("result", inner.add(inner.mul(one, inner.like(one, 2)), sum));
        OnnxGraph no = around.graph().nested("no");
        no.addResult("result", other);
        return around.apply(
                StandardOp.IF, Attributes.NONE.with("then_branch", yes).with("else_branch", no), condition);
    }

    static Stream<Pass> passes() {
        return Stream.of(WeightType.values())
                .flatMap(type -> PassPipeline.of(FourierForm.DFT, type, Target.OPENCV).passes().stream())
                .collect(Collectors.toMap(Pass::name, Function.identity(), (one, same) -> one, LinkedHashMap::new))
                .values()
                .stream();
    }

    @ParameterizedTest
    @MethodSource("passes")
    void everyPassKeepsWhatLoopsAndBranchesCompute(Pass pass) throws Exception {
        build();
        // Softplus as a series differs in the last bits; everything else is exact.
        SameResults.afterwards(graph, 4e-6, List.of(pass));
    }

    @Test
    void allPassesTogetherDoTooAndTheCheckerAcceptsWhatTheyLeave() throws Exception {
        build();
        SameResults.afterwards(graph, 4e-6, PassPipeline.standard().passes());
        ModelChecker.check(OnnxWriter.write(graph, Map.of()).toByteArray(), Opset.DEFAULT);
        assertThat(graph.allNodes().map(Node::op)).doesNotContain(StandardOp.TRANSPOSE, StandardOp.SUB);
    }

    @ParameterizedTest
    @EnumSource(WeightType.class)
    void aWeightThatBranchesShareIsBroughtBackOnceAndBeforeThem(WeightType type) throws Exception {
        // Of one magnitude and both signs, which all weight types represent exactly.
        float[] halves = new float[4 * 1024];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = (i % 3 - 1) / 2f;
        }
        Value weight = b.constant(TensorData.of(halves, 4, 1024));
        Value condition = b.apply(StandardOp.GREATER, b.reduce(StandardOp.REDUCE_SUM, x, false, 0, 1), b.like(x, 0));
        OnnxGraph yes = graph.nested("yes");
        yes.addResult("result", new GraphBuilder(yes).matMul(x, weight));
        OnnxGraph no = graph.nested("no");
        GraphBuilder inner = new GraphBuilder(no);
        no.addResult("result", inner.matMul(inner.neg(x), weight));
        Value chosen =
                b.apply(StandardOp.IF, Attributes.NONE.with("then_branch", yes).with("else_branch", no), condition);
        graph.bindOutput("y", b.add(chosen, b.matMul(b.add(x, x), weight)));
        // Only the order of the sums of four products differs.
        SameResults.afterwards(
                graph,
                1e-5,
                PassPipeline.of(FourierForm.MATMUL, type, Target.ANY).passes());
        assertThat(yes.nodes()).extracting(Node::op).containsExactly(StandardOp.MAT_MUL);
    }

    @Test
    void namesAreUniqueOverAllGraphs() {
        build();
        Set<String> names = new HashSet<>();
        assertThat(graph.allNodes().flatMap(node -> node.outputs().stream()).map(Value::name))
                .allMatch(names::add);
    }

    @Test
    void whatOnlyABranchUsesIsAlive() {
        build();
        new DeadCode().apply(graph);
        assertThat(graph.nodes()).extracting(Node::name).contains("outer/Mul");
        // The unused negation in each branch is gone.
        assertThat(graph.allNodes().map(Node::op)).doesNotContain(StandardOp.NEG);
    }

    @Test
    void whatDeadNodesWithinABranchUseIsDead() {
        Value unused = b.scope("outer").mul(x, x);
        OnnxGraph yes = graph.nested("yes");
        new GraphBuilder(yes).neg(unused);
        yes.addResult("result", x);
        OnnxGraph no = graph.nested("no");
        no.addResult("result", new GraphBuilder(no).neg(x));
        Value condition = b.apply(StandardOp.GREATER, b.reduce(StandardOp.REDUCE_SUM, x, false, 0, 1), b.like(x, 0));
        graph.bindOutput(
                "y",
                b.apply(StandardOp.IF, Attributes.NONE.with("then_branch", yes).with("else_branch", no), condition));
        new DeadCode().apply(graph);
        assertThat(graph.allNodes().map(Node::name)).doesNotContain("outer/Mul").anyMatch(name -> name.contains("Neg"));
    }

    @Test
    void aBranchUsesWhatWasComputedAroundItButNotWhatAnotherBranchComputed() {
        build();
        new CommonSubexpressions().apply(graph);
        new DeadCode().apply(graph);
        Node outer = graph.nodes().stream()
                .filter(node -> node.op() == StandardOp.IF)
                .findFirst()
                .orElseThrow();
        assertThat(outer.attributes().graph("then_branch").nodes())
                .extracting(Node::op)
                .containsExactly(StandardOp.MUL, StandardOp.ADD);
        assertThat(outer.attributes().graph("then_branch").captures())
                .extracting(Value::name)
                .contains("outer/Add");
    }

    @Test
    void usesWithinLoopsCount() {
        build();
        Value twice = graph.nodes().get(0).output();
        // By both branches that receive it: the outer one, and none of the inner ones, which receive the outer one's
        // result.
        assertThat(graph.useCounts().get(twice)).isEqualTo(1);
        // By its sum and its product, the condition, one sum in each of the two branches, and the loop.
        assertThat(graph.useCounts().get(x)).isEqualTo(2 + 1 + 1 + 2 * 2 + 1);
    }

    @Test
    void constantsOfLoopsStandInTheModelOnce() {
        build();
        new CommonSubexpressions().apply(graph);
        var written = OnnxWriter.write(graph, Map.of()).getGraph();
        assertThat(written.getInitializerList())
                .extracting(tensor -> tensor.getDataType() + ":" + tensor.getRawData())
                .doesNotHaveDuplicates();
        assertThat(written.getNodeList())
                .allSatisfy(node -> node.getAttributeList()
                        .forEach(attribute -> assertThat(attribute.getG().getInitializerCount())
                                .isZero()));
    }
}
