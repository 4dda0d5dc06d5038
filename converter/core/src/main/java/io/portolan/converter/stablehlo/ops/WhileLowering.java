package io.portolan.converter.stablehlo.ops;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Lowers a while operation: a loop that {@code lax.scan} wrote to Scan, short counted loops by unrolling, others to Loop. Variables that
 * never change are values of the outer graph; where the condition only compares a counter, the number of iterations is computed before.
 */
final class WhileLowering {
    /** Loops of up to so many iterations, and operations in all of them, are unrolled. */
    private static final int MOST_ITERATIONS = 16;

    private static final int MOST_OPERATIONS = 512;

    private final OpContext in;
    private final LoopAnalysis loop;

    private WhileLowering(OpContext in, LoopAnalysis loop) {
        this.in = in;
        this.loop = loop;
    }

    static List<LoweredTensor> lower(OpContext in) {
        LoopAnalysis loop = new LoopAnalysis(in);
        Optional<ScanLoop> scan = ScanLoop.of(in, loop);
        if (scan.isPresent()) {
            return scan.get().lower();
        }
        WhileLowering lowering = new WhileLowering(in, loop);
        return lowering.isShort() ? lowering.unrolled() : lowering.looped();
    }

    private boolean isShort() {
        long iterations = loop.iterations().orElse(Long.MAX_VALUE);
        return iterations <= MOST_ITERATIONS
                && iterations * loop.body().operations().size() <= MOST_OPERATIONS
                && loop.body().operations().stream()
                        .allMatch(operation -> operation.regions().isEmpty());
    }

    private List<LoweredTensor> unrolled() {
        List<LoweredTensor> variables = in.operands();
        for (long i = 0; i < loop.iterations().orElseThrow(); i++) {
            variables = in.inline(loop.body(), variables);
        }
        return variables;
    }

    private List<LoweredTensor> looped() {
        GraphBuilder b = in.b();
        List<Integer> carried = IntStream.range(0, loop.variables())
                .filter(variable -> !loop.isInvariant(variable))
                .boxed()
                .toList();
        List<LoweredTensor> initial = new ArrayList<>();
        for (int variable : carried) {
            LoweredTensor value = in.operand(variable);
            initial.add(LoweredTensor.of(value.type(), value.full(b)));
        }
        Optional<Value> count = count(b);
        List<Value> inputs = new ArrayList<>();
        inputs.add(count.orElseGet(() -> b.constant(TensorData.scalar(OnnxType.INT64, Long.MAX_VALUE))));
        inputs.add(count.isPresent() ? Numbers.truth(b, true) : condition(in.operands(), b.graph()));
        inputs.addAll(Loops.parts(initial));
        OnnxGraph body = body(carried, initial, count.isPresent());
        List<Value> outputs = b.node(StandardOp.LOOP, Attributes.NONE.with("body", body), inputs.toArray(Value[]::new));
        List<LoweredTensor> results = new ArrayList<>(in.operands());
        List<LoweredTensor> last = Loops.like(initial, outputs.iterator());
        for (int i = 0; i < carried.size(); i++) {
            results.set(carried.get(i), last.get(i));
        }
        return results;
    }

    /** The number of iterations, as a scalar that is known before the loop. */
    private Optional<Value> count(GraphBuilder b) {
        if (loop.counter().isEmpty()) {
            return Optional.empty();
        }
        OptionalLong known = loop.iterations();
        if (known.isPresent()) {
            return Optional.of(b.constant(TensorData.ofLongs(OnnxType.INT64, new long[] {known.getAsLong()})));
        }
        Optional<LoweredTensor> bound = in.known(loop.bound().orElseThrow());
        return bound.map(end -> {
            Value last = b.cast(end.full(b).parts().get(0), OnnxType.INT64);
            Value first = b.cast(in.real(loop.counter().getAsInt()), OnnxType.INT64);
            return b.apply(StandardOp.MAX, b.sub(last, first), b.constant(TensorData.scalar(OnnxType.INT64, 0)));
        });
    }

    private Value condition(List<LoweredTensor> variables, OnnxGraph graph) {
        LoweredTensor truth = in.translate(loop.condition(), variables, graph).get(0);
        return truth.full(new GraphBuilder(graph)).parts().get(0);
    }

    private OnnxGraph body(List<Integer> carried, List<LoweredTensor> initial, boolean isCounted) {
        OnnxGraph graph = in.b().graph().nested(in.op().name() + "/body");
        graph.addParameter(graph.name() + "/iteration", new TensorType(OnnxType.INT64, TensorShape.SCALAR));
        graph.addParameter(graph.name() + "/goes_on", new TensorType(OnnxType.BOOL, TensorShape.SCALAR));
        List<Value> parameters = Loops.parts(initial).stream()
                .map(part -> graph.addParameter(graph.name() + "/variable", part.type()))
                .toList();
        List<LoweredTensor> variables = new ArrayList<>(in.operands());
        List<LoweredTensor> inside = Loops.like(initial, parameters.iterator());
        for (int i = 0; i < carried.size(); i++) {
            variables.set(carried.get(i), inside.get(i));
        }
        List<LoweredTensor> next = in.translate(loop.body(), variables, graph);
        GraphBuilder b = new GraphBuilder(graph).scope(graph.name());
        graph.addResult(graph.name() + "/goes_on", isCounted ? Numbers.truth(b, true) : condition(next, graph));
        for (int variable : carried) {
            next.get(variable).full(b).parts().forEach(part -> graph.addResult(graph.name() + "/result", part));
        }
        return graph;
    }
}
