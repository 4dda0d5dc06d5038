package io.portolan.converter.stablehlo.ops;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.programs.stablehlo.Operation;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A loop that {@code lax.scan} wrote: a counter from 0 to n; tensors of n slices, of which iteration i reads slice i, or n - 1 - i;
 * and tensors into which it writes that slice. It becomes Scan, with the former as scan inputs and the latter as scan outputs.
 */
final class ScanLoop {
    private final OpContext in;
    private final LoopAnalysis loop;
    private final long iterations;

    /** The reads of slices in the body, each with its direction. */
    private final Map<Operation, Boolean> reads = new LinkedHashMap<>();

    /** The variables into which slices are written, each with the writing operation and its direction. */
    private final Map<Integer, Written> writes = new TreeMap<>();

    private record Written(Operation update, boolean isReverse) {}

    private ScanLoop(OpContext in, LoopAnalysis loop, long iterations) {
        this.in = in;
        this.loop = loop;
        this.iterations = iterations;
    }

    /** Recognises a loop; empty if it is none of {@code lax.scan}'s, or one that reads no slices, which Scan cannot be. */
    static Optional<ScanLoop> of(OpContext in, LoopAnalysis loop) {
        long iterations = loop.iterations().orElse(0);
        if (iterations < 1 || loop.start().orElse(-1) != 0) {
            return Optional.empty();
        }
        ScanLoop scan = new ScanLoop(in, loop, iterations);
        scan.findReads();
        scan.findWrites();
        return scan.reads.isEmpty() ? Optional.empty() : Optional.of(scan);
    }

    private void findReads() {
        for (Operation operation : loop.body().operations()) {
            boolean isRead = operation.name().equals("stablehlo.dynamic_slice")
                    && isOuter(operation.operand(0))
                    && isOneSlice(operation, operation.integers("slice_sizes"), operation.operand(0), 1);
            if (isRead || isGatherOfSlice(operation) || isOpenSlice(operation)) {
                firstIndex(operation).flatMap(this::direction).ifPresent(isReverse -> reads.put(operation, isReverse));
            }
        }
    }

    /** Whether a gather reads one slice of the first axis, as programs of open sizes do. */
    private boolean isGatherOfSlice(Operation operation) {
        boolean isGather = operation.name().equals("stablehlo.dynamic_gather")
                || operation.name().equals("stablehlo.gather");
        return isGather
                && isOuter(operation.operand(0))
                && operation.operand(1).tensor().rank() == 1
                && operation.operand(1).tensor().dim(0) == 1
                && operation.integer("index_vector_dim", 0) == 0
                && operation.operand(0).tensor().dims().get(0) == iterations
                && operation.integers("start_index_map").equals(List.of(0L))
                && operation.integers("collapsed_slice_dims").equals(List.of(0L))
                && operation.integers("operand_batching_dims").isEmpty()
                && operation
                        .result()
                        .tensor()
                        .dims()
                        .equals(operation
                                .operand(0)
                                .tensor()
                                .dims()
                                .subList(1, operation.operand(0).tensor().rank()));
    }

    /** Whether a slice whose sizes are operands is one whole slice of the first axis. */
    private boolean isOpenSlice(Operation operation) {
        if (!operation.name().equals("stablehlo.real_dynamic_slice") || !isOuter(operation.operand(0))) {
            return false;
        }
        List<Long> dims = operation.operand(0).tensor().dims();
        boolean isSlice =
                dims.get(0) == iterations && operation.result().tensor().dim(0) == 1;
        for (int axis = 0; isSlice && axis < dims.size(); axis++) {
            boolean isUnit = loop.affine(operation.operand(3), axis)
                    .filter(stride -> stride.equals(new LoopAnalysis.Affine(0, 1)))
                    .isPresent();
            isSlice = isUnit && (axis == 0 || isWholeAxis(operation, axis));
        }
        return isSlice;
    }

    private boolean isWholeAxis(Operation slice, int axis) {
        boolean startsAtZero = loop.affine(slice.operand(1), axis)
                .filter(start -> start.equals(new LoopAnalysis.Affine(0, 0)))
                .isPresent();
        Dim size = outer(slice.operand(0)).compact().parts().get(0).shape().dim(axis);
        return startsAtZero
                && loop.size(slice.operand(2), axis).filter(size::sameAs).isPresent();
    }

    /** The index of the slice that an operation reads, as a function of the counter. */
    private Optional<LoopAnalysis.Affine> firstIndex(Operation read) {
        return switch (read.name()) {
            case "stablehlo.dynamic_slice" -> loop.affine(read.operand(1));
            default -> loop.affine(read.operand(1), 0);
        };
    }

    private LoweredTensor outer(io.portolan.programs.stablehlo.Value value) {
        int variable = loop.body().arguments().indexOf(value);
        return variable >= 0 ? in.operand(variable) : in.known(value).orElseThrow();
    }

    private boolean isOuter(io.portolan.programs.stablehlo.Value value) {
        int variable = loop.body().arguments().indexOf(value);
        return variable >= 0 ? loop.isInvariant(variable) : in.known(value).isPresent();
    }

    private void findWrites() {
        for (int variable = 0; variable < loop.variables(); variable++) {
            var argument = loop.body().arguments().get(variable);
            Optional<Operation> update = loop.producer(loop.body().results().get(variable));
            boolean isWrite = update.filter(operation -> operation.name().equals("stablehlo.dynamic_update_slice")
                            && operation.operand(0) == argument
                            && isOneSlice(
                                    operation, operation.operand(1).tensor().dims(), argument, 2))
                    .isPresent();
            if (isWrite && uses(argument) == 1 && uses(update.get().result()) == 1) {
                int index = variable;
                loop.affine(update.get().operand(2))
                        .flatMap(this::direction)
                        .ifPresent(isReverse -> writes.put(index, new Written(update.get(), isReverse)));
            }
        }
    }

    /** Whether a window is one slice of the first axis of a tensor of as many slices as there are iterations. */
    private boolean isOneSlice(
            Operation operation, List<Long> sizes, io.portolan.programs.stablehlo.Value whole, int firstIndex) {
        List<Long> dims = whole.tensor().dims();
        boolean isSlice = !dims.isEmpty() && dims.get(0) == iterations && sizes.get(0) == 1;
        for (int axis = 1; isSlice && axis < dims.size(); axis++) {
            boolean startsAtZero = loop.affine(operation.operand(firstIndex + axis))
                    .filter(start -> start.equals(new LoopAnalysis.Affine(0, 0)))
                    .isPresent();
            isSlice = startsAtZero && sizes.get(axis).equals(dims.get(axis));
        }
        return isSlice;
    }

    /** Whether an index runs from the last slice to the first; empty if it does neither that nor the reverse. */
    private Optional<Boolean> direction(LoopAnalysis.Affine index) {
        return Optional.of(index)
                .filter(affine -> affine.equals(new LoopAnalysis.Affine(1, 0))
                        || affine.equals(new LoopAnalysis.Affine(-1, iterations - 1)))
                .map(affine -> affine.factor() < 0);
    }

    private long uses(io.portolan.programs.stablehlo.Value value) {
        return loop.body().operations().stream()
                        .mapToLong(operation -> Uses.count(operation, value))
                        .sum()
                + loop.body().results().stream()
                        .filter(result -> result == value)
                        .count();
    }

    List<LoweredTensor> lower() {
        GraphBuilder b = in.b();
        List<Integer> states = new ArrayList<>();
        List<LoweredTensor> initial = new ArrayList<>();
        for (int variable = 0; variable < loop.variables(); variable++) {
            if (!loop.isInvariant(variable) && !writes.containsKey(variable) && isNeeded(variable)) {
                states.add(variable);
                LoweredTensor value = in.operand(variable);
                initial.add(LoweredTensor.of(value.type(), value.full(b)));
            }
        }
        OnnxGraph body = b.graph().nested(in.op().name() + "/scan");
        List<Value> parameters = Loops.parts(initial).stream()
                .map(part -> body.addParameter(body.name() + "/state", part.type()))
                .toList();
        List<LoweredTensor> variables = new ArrayList<>(in.operands());
        List<LoweredTensor> inside = Loops.like(initial, parameters.iterator());
        for (int i = 0; i < states.size(); i++) {
            variables.set(states.get(i), inside.get(i));
        }
        List<Value> sources = new ArrayList<>();
        List<Long> directions = new ArrayList<>();
        Map<Operation, List<LoweredTensor>> given = new IdentityHashMap<>();
        reads.forEach((operation, isReverse) ->
                given.put(operation, List.of(slice(operation, isReverse, body, sources, directions))));
        writes.values().forEach(written -> given.put(written.update(), List.of(variables.get(0))));

        List<LoweredTensor> next = in.translate(loop.body(), variables, body, given);
        GraphBuilder within = new GraphBuilder(body).scope(body.name());
        for (int state : states) {
            next.get(state).full(within).parts().forEach(part -> body.addResult(body.name() + "/next", part));
        }
        List<Long> outputDirections = new ArrayList<>();
        List<LoweredTensor> stacked = new ArrayList<>();
        writes.forEach((variable, written) -> {
            TranslatedTensor slice =
                    in.known(written.update().operand(1)).orElseThrow().full(within);
            requireWhole(slice, in.operand(variable));
            slice.parts().forEach(part -> {
                body.addResult(body.name() + "/slice", within.squeeze(part, 0));
                outputDirections.add(written.isReverse() ? 1L : 0L);
            });
            stacked.add(LoweredTensor.of(in.resultType(variable), slice));
        });
        List<Value> inputs = new ArrayList<>(Loops.parts(initial));
        inputs.addAll(sources);
        Attributes attributes = Attributes.NONE.with("body", body).with("num_scan_inputs", sources.size());
        attributes = directions.contains(1L) ? attributes.with("scan_input_directions", directions) : attributes;
        attributes = outputDirections.contains(1L)
                ? attributes.with("scan_output_directions", outputDirections)
                : attributes;
        Iterator<Value> outputs = b.node(StandardOp.SCAN, attributes, inputs.toArray(Value[]::new))
                .iterator();
        return results(states, initial, stacked, outputs);
    }

    /** Where sizes are open, only the translated tensors tell whether a slice is a whole one. */
    private void requireWhole(TranslatedTensor slice, LoweredTensor whole) {
        List<Dim> written = slice.parts().get(0).shape().dims();
        List<Dim> dims = whole.shape(in.b()).contents().orElse(written);
        for (int axis = 1; axis < written.size(); axis++) {
            if (!written.get(axis).sameAs(dims.get(axis))) {
                throw new IllegalArgumentException("a loop writes slices of another size than " + whole.type());
            }
        }
    }

    /** Whether a variable must be carried: the counter need not, if only slices are read and written by it. */
    private boolean isNeeded(int variable) {
        return loop.counter().getAsInt() != variable || counterIsUsed();
    }

    private boolean counterIsUsed() {
        Uses uses = new Uses(loop.body());
        reads.keySet().forEach(operation -> uses.ignore(operation, 1));
        writes.values().forEach(written -> uses.ignore(written.update(), 2));
        return uses.reaches(
                loop.body().arguments().get(loop.counter().getAsInt()),
                loop.counter().getAsInt());
    }

    private LoweredTensor slice(
            Operation read, boolean isReverse, OnnxGraph body, List<Value> sources, List<Long> directions) {
        LoweredTensor whole = outer(read.operand(0));
        GraphBuilder within = new GraphBuilder(body).scope(body.name());
        List<Value> parts = new ArrayList<>();
        for (Value part : whole.full(in.b()).parts()) {
            sources.add(part);
            directions.add(isReverse ? 1L : 0L);
            TensorShape rest = new TensorShape(part.shape().dims().subList(1, part.rank()));
            Value slice = body.addParameter(body.name() + "/part", new TensorType(part.element(), rest));
            // A gather removes the axis of the slice, a slice keeps it.
            parts.add(read.result().tensor().rank() == part.rank() ? within.unsqueeze(slice, 0) : slice);
        }
        return LoweredTensor.of(read.result().tensor(), whole.compact().of(parts));
    }

    private List<LoweredTensor> results(
            List<Integer> states, List<LoweredTensor> initial, List<LoweredTensor> stacked, Iterator<Value> outputs) {
        List<LoweredTensor> results = new ArrayList<>(in.operands());
        List<LoweredTensor> last = Loops.like(initial, outputs);
        for (int i = 0; i < states.size(); i++) {
            results.set(states.get(i), last.get(i));
        }
        Iterator<LoweredTensor> written = Loops.like(stacked, outputs).iterator();
        writes.keySet().forEach(variable -> results.set(variable, written.next()));
        int counter = loop.counter().getAsInt();
        if (!states.contains(counter)) {
            results.set(counter, LoweredTensor.of(in.type(counter), end(counter)));
        }
        return results;
    }

    private Value end(int counter) {
        Value first = in.real(counter);
        return Numbers.integer(in.b(), first, iterations);
    }
}
