package io.portolan.converter.ir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Every kind of broken graph is found, and nothing is found in a sound one. */
class GraphVerifierTest {
    private static final TensorType PAIR = new TensorType(OnnxType.FLOAT, TensorShape.of(2));
    private static final TensorType TRUTH = new TensorType(OnnxType.BOOL, TensorShape.SCALAR);

    private final OnnxGraph graph = new OnnxGraph("test");
    private final GraphBuilder b = new GraphBuilder(graph);
    private final Value x = graph.addInput("x", PAIR);

    private static Value value(String name, TensorType type) {
        return new Value(name, type, null, null);
    }

    private static Node exp(String name, Value input, Value output) {
        return new Node(name, StandardOp.EXP, List.of(input), List.of(output), Attributes.NONE);
    }

    private Value choice(OnnxGraph yes, OnnxGraph no) {
        Value condition = graph.addInput("condition", TRUTH);
        return b.apply(StandardOp.IF, Attributes.NONE.with("then_branch", yes).with("else_branch", no), condition);
    }

    private OnnxGraph branch(String name, Value result) {
        OnnxGraph branch = graph.nested(name);
        branch.addResult("result", result);
        return branch;
    }

    private void assertFault(String... words) {
        assertThat(GraphVerifier.faults(graph)).singleElement().asString().contains(words);
    }

    @Test
    void aGraphWithBranchesThatCaptureValuesIsSound() {
        Value outer = b.add(x, b.constant(TensorData.of(new float[] {1, 2}, 2)));
        OnnxGraph yes = graph.nested("yes");
        yes.addResult("result", new GraphBuilder(yes).apply(StandardOp.EXP, outer));
        graph.bindOutput("y", choice(yes, branch("no", x)));
        graph.bindOutput("passed", x);
        assertThat(GraphVerifier.faults(graph)).isEmpty();
    }

    @Test
    void aValueMustBeMadeBeforeItIsUsed() {
        Value early = value("early", PAIR);
        graph.append(exp("second", early, value("late", PAIR)));
        graph.append(exp("first", x, early));
        assertFault("node second uses early", "not defined");
    }

    @Test
    void aBranchMustNotTakeWhatComesAfterItsNode() {
        Value later = value("later", PAIR);
        graph.bindOutput("y", choice(branch("yes", later), branch("no", x)));
        graph.append(exp("behind", x, later));
        assertFault("output result uses later", "not defined");
    }

    @Test
    void aBranchMustNotTakeWhatIsMadeInAnother() {
        OnnxGraph yes = graph.nested("yes");
        Value inside = new GraphBuilder(yes).apply(StandardOp.EXP, x);
        yes.addResult("result", inside);
        graph.bindOutput("y", choice(yes, branch("no", inside)));
        // Branches are looked at in the order of their names, as they are written: else comes first.
        assertFault("uses Exp", "not defined");
    }

    @Test
    void aBranchBelongsToTheGraphOfItsNode() {
        OnnxGraph stranger = new OnnxGraph("elsewhere").nested("stranger");
        stranger.addResult("other", x);
        graph.bindOutput("y", choice(branch("yes", x), stranger));
        assertFault("graph stranger is not nested in the graph of its node If");
    }

    @Test
    void outputsMustBeMade() {
        graph.bindOutput("y", value("nowhere", PAIR));
        assertFault("output y uses nowhere", "not defined");
    }

    @Test
    void valuesHaveNamesOfTheirOwn() {
        graph.append(exp("node", x, value("x", PAIR)));
        assertFault("two values are named x");
    }

    @Test
    void constantsHaveNamesOfTheirOwn() {
        TensorData data = TensorData.of(new float[] {1, 2}, 2);
        graph.append(new Node(
                "sum",
                StandardOp.ADD,
                List.of(x, new Value("x", PAIR, data, null)),
                List.of(value("y", PAIR)),
                Attributes.NONE));
        assertFault("two values are named x");
    }

    @Test
    void anOutputHasANameThatNoOtherValueHas() {
        graph.append(exp("node", x, value("y", PAIR)));
        graph.bindOutput("y", x);
        assertFault("two values are named y");
    }

    @Test
    void nodesHaveNamesOfTheirOwn() {
        graph.append(exp("node", x, value("y", PAIR)));
        graph.append(exp("node", x, value("z", PAIR)));
        assertFault("two nodes are named node");
    }

    @Test
    void aValueIsMadeOnce() {
        Value y = value("y", PAIR);
        graph.append(exp("one", x, y));
        graph.append(exp("other", x, y));
        assertFault("y: FLOAT(2) of node other is defined twice");
    }

    @Test
    void elementTypesFollowFromTheInputs() {
        graph.append(exp("node", x, value("y", PAIR.withElement(OnnxType.DOUBLE))));
        assertFault("node node computes [FLOAT(2)], not [DOUBLE(2)]");
    }

    @Test
    void shapesFollowFromTheInputs() {
        graph.append(exp("node", x, value("y", PAIR.withShape(TensorShape.of(3)))));
        assertFault("node node computes [FLOAT(2)], not [FLOAT(3)]");
    }

    @Test
    void aNodeHasTheOutputsOfItsOperator() {
        graph.append(new Node(
                "node", StandardOp.EXP, List.of(x), List.of(value("y", PAIR), value("z", PAIR)), Attributes.NONE));
        assertFault("node node computes [FLOAT(2)], not [FLOAT(2), FLOAT(2)]");
    }

    @Test
    void aNodeHasInputsAndAttributesThatItsOperatorTakes() {
        graph.append(new Node("short", StandardOp.ADD, List.of(x), List.of(value("y", PAIR)), Attributes.NONE));
        assertFault("node short: Add takes 2 to 2 inputs");
    }

    @Test
    void aNodeHasAttributesThatItsOperatorHas() {
        graph.append(new Node("node", StandardOp.EXP, List.of(x), List.of(value("y", PAIR)), Attributes.of("axis", 1)));
        assertFault("node node: Exp has no attribute axis");
    }

    @Test
    void aConstantHoldsWhatItsTypeSays() {
        Value wrong = new Value("wrong", PAIR, TensorData.of(new float[] {1, 2, 3}, 3), null);
        graph.bindOutput("y", wrong);
        assertFault("wrong: FLOAT(2) holds FLOAT(3)");
    }
}
