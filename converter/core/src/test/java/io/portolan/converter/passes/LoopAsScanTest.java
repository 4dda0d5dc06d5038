package io.portolan.converter.passes;

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
import java.util.List;
import org.junit.jupiter.api.Test;

/** Loops that only iterate over tensors become scans, and others do not. */
class LoopAsScanTest {
    private final OnnxGraph graph = new OnnxGraph("test");
    private final GraphBuilder b = new GraphBuilder(graph);
    /** Two rows per step, any number of steps. */
    private final Value x = graph.addInput(
            "x", new TensorType(OnnxType.FLOAT, TensorShape.of(Dim.of(2), Dim.symbol("steps"), Dim.of(3))));

    private final Value turns = b.squeeze(b.slice(b.shapeOf(x), List.of(0L), List.of(new SliceRange(1, 2, 1))), 0);

    /** What a test changes about the loop. */
    private interface Change {
        Value next(GraphBuilder body, Value state, Value part, Value counter);
    }

    /** A recurrence over axis 1 of x that keeps every state: a counter, a state, and a stack of states. */
    private void loop(Value count, Change change) {
        Value zeros = b.expand(b.constant(TensorData.scalar(OnnxType.FLOAT, 0)), b.longs(2, 3));
        Value stack = b.expand(
                b.constant(TensorData.scalar(OnnxType.FLOAT, 0)), b.concat(0, b.unsqueeze(count, 0), b.longs(2, 3)));
        Value zero = b.constant(TensorData.scalar(OnnxType.INT32, 0));
        OnnxGraph body = graph.nested("body");
        body.addParameter("turn", new TensorType(OnnxType.INT64, TensorShape.SCALAR));
        body.addParameter("goes_on", new TensorType(OnnxType.BOOL, TensorShape.SCALAR));
        Value counter = body.addParameter("counter", zero.type());
        Value state = body.addParameter("state", zeros.type());
        Value rows = body.addParameter("rows", stack.type());
        GraphBuilder inner = new GraphBuilder(body).scope("body");
        Value part = inner.apply(StandardOp.GATHER, Attributes.of("axis", 1), x, counter);
        Value next = change.next(inner, state, part, counter);
        Value place = inner.reshape(inner.cast(counter, OnnxType.INT64), 1, 1);
        body.addResult("goes_on", inner.constant(TensorData.scalar(OnnxType.BOOL, 1)));
        body.addResult("count", inner.add(counter, inner.constant(TensorData.scalar(OnnxType.INT32, 1))));
        body.addResult("next", next);
        body.addResult("rows", inner.apply(StandardOp.SCATTER_ND, rows, place, inner.unsqueeze(next, 0)));
        List<Value> results = b.node(
                StandardOp.LOOP,
                Attributes.NONE.with("body", body),
                count,
                b.constant(TensorData.scalar(OnnxType.BOOL, 1)),
                zero,
                zeros,
                stack);
        graph.bindOutput("turns", b.cast(results.get(0), OnnxType.FLOAT));
        graph.bindOutput("last", results.get(1));
        graph.bindOutput("all", results.get(2));
    }

    private static Value decayed(GraphBuilder body, Value state, Value part) {
        return body.add(body.mul(state, body.like(state, 0.5)), part);
    }

    @Test
    void slicesAreHandedInAndRowsAreStacked() throws Exception {
        loop(turns, (body, state, part, counter) -> decayed(body, state, part));

        SameResults.afterwards(graph, 0, List.of(new LoopAsScan(), new DeadCode()));

        assertThat(graph.nodes()).extracting(Node::op).contains(StandardOp.SCAN).doesNotContain(StandardOp.LOOP);
        Node scan = graph.nodes().stream()
                .filter(node -> node.op() == StandardOp.SCAN)
                .findFirst()
                .orElseThrow();
        assertThat(scan.attributes().integer("num_scan_inputs")).isEqualTo(1);
        assertThat(scan.attributes().integers("scan_input_axes")).containsExactly(1L);
        assertThat(scan.attributes().graph("body").nodes())
                .extracting(Node::op)
                .containsExactly(StandardOp.MUL, StandardOp.ADD);
        assertThat(scan.outputs().get(1).shape().toString()).isEqualTo("(steps, 2, 3)");
    }

    @Test
    void aNumberThatIsCalculatedWithStays() {
        loop(
                turns,
                (body, state, part, counter) ->
                        body.add(decayed(body, state, part), body.cast(counter, OnnxType.FLOAT)));

        new LoopAsScan().apply(graph);

        assertThat(graph.nodes()).extracting(Node::op).contains(StandardOp.LOOP).doesNotContain(StandardOp.SCAN);
    }

    @Test
    void aLoopThatDoesNotGoThroughAllOfATensorStays() {
        loop(
                b.constant(TensorData.scalar(OnnxType.INT64, 1)),
                (body, state, part, counter) -> decayed(body, state, part));

        new LoopAsScan().apply(graph);

        assertThat(graph.nodes()).extracting(Node::op).contains(StandardOp.LOOP).doesNotContain(StandardOp.SCAN);
    }
}
