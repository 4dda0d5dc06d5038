package io.portolan.converter.stablehlo.ops;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Value;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What can be told about a while operation before it runs: which variables never change, and whether one counts, as in the loops that
 * {@code lax.scan} and {@code lax.fori_loop} write.
 */
final class LoopAnalysis {
    private static final int DEEPEST = 16;

    /** The number {@code factor * i + offset}, for the counter i. */
    record Affine(long factor, long offset) {
        Affine plus(Affine other, long sign) {
            return new Affine(factor + sign * other.factor, offset + sign * other.offset);
        }

        boolean isConstant() {
            return factor == 0;
        }
    }

    private final OpContext in;
    private final Block condition;
    private final Block body;
    private final Map<Value, Operation> producers = new IdentityHashMap<>();
    private final OptionalInt counter;
    private Optional<Value> bound = Optional.empty();

    LoopAnalysis(OpContext in) {
        this.in = in;
        this.condition = in.op().region(0);
        this.body = in.op().region(1);
        for (Block block : in.op().regions()) {
            block.operations()
                    .forEach(operation -> operation.results().forEach(result -> producers.put(result, operation)));
        }
        this.counter = findCounter();
    }

    Block condition() {
        return condition;
    }

    Block body() {
        return body;
    }

    /** The number of variables. */
    int variables() {
        return body.arguments().size();
    }

    /** The index of the variable that grows by 1 while it is below {@link #bound}. */
    OptionalInt counter() {
        return counter;
    }

    /** What the counter stays below: a value of an enclosing block. */
    Optional<Value> bound() {
        return bound;
    }

    /** The first number of the counter. */
    OptionalLong start() {
        return counter.isPresent() ? outer(in.op().operand(counter.getAsInt())) : OptionalLong.empty();
    }

    /** The number of iterations, if it is known. */
    OptionalLong iterations() {
        OptionalLong start = start();
        OptionalLong end = bound.isPresent() ? outerOrLocal(bound.get()) : OptionalLong.empty();
        return start.isPresent() && end.isPresent()
                ? OptionalLong.of(Math.max(0, end.getAsLong() - start.getAsLong()))
                : OptionalLong.empty();
    }

    /** Whether a variable has the same value in every iteration. */
    boolean isInvariant(int variable) {
        return body.results().get(variable) == body.arguments().get(variable);
    }

    /** The operation of the condition or the body that computes a value. */
    Optional<Operation> producer(Value value) {
        return Optional.ofNullable(producers.get(value));
    }

    private OptionalInt findCounter() {
        Operation compare = condition.results().size() == 1
                ? producers.get(condition.results().get(0))
                : null;
        if (compare == null
                || !compare.name().equals("stablehlo.compare")
                || !compare.keyword("comparison_direction").equals("LT")) {
            return OptionalInt.empty();
        }
        int variable = condition.arguments().indexOf(compare.operand(0));
        Optional<Value> limit = fixed(compare.operand(1));
        if (variable < 0 || limit.isEmpty() || !addsOne(variable)) {
            return OptionalInt.empty();
        }
        bound = limit;
        return OptionalInt.of(variable);
    }

    /** A value of the condition as one that is known before the loop. */
    private Optional<Value> fixed(Value value) {
        int variable = condition.arguments().indexOf(value);
        if (variable >= 0) {
            return isInvariant(variable) ? Optional.of(in.op().operand(variable)) : Optional.empty();
        }
        Operation producer = producers.get(value);
        return producer == null || producer.name().equals("stablehlo.constant") ? Optional.of(value) : Optional.empty();
    }

    private boolean addsOne(int variable) {
        Value argument = body.arguments().get(variable);
        Operation add = producers.get(body.results().get(variable));
        if (add == null
                || !add.name().equals("stablehlo.add")
                || argument.tensor().rank() != 0
                || !argument.tensor().element().isInteger()) {
            return false;
        }
        Value step = add.operand(0) == argument ? add.operand(1) : add.operand(0);
        boolean usesIt = add.operand(0) == argument || add.operand(1) == argument;
        return usesIt && outerOrLocal(step).orElse(0) == 1;
    }

    /** A value of the body as a function of the counter. */
    Optional<Affine> affine(Value value) {
        return affine(value, 0);
    }

    private Optional<Affine> affine(Value value, int depth) {
        if (depth > DEEPEST) {
            return Optional.empty();
        }
        int variable = body.arguments().indexOf(value);
        if (counter.isPresent() && variable == counter.getAsInt()) {
            return Optional.of(new Affine(1, 0));
        }
        OptionalLong constant =
                variable >= 0 && isInvariant(variable) ? outer(in.op().operand(variable)) : outerOrLocal(value);
        if (constant.isPresent()) {
            return Optional.of(new Affine(0, constant.getAsLong()));
        }
        Operation producer = producers.get(value);
        if (producer == null) {
            return Optional.empty();
        }
        return switch (producer.name()) {
            case "stablehlo.add" -> combined(producer, 1, depth);
            case "stablehlo.subtract" -> combined(producer, -1, depth);
            case "stablehlo.convert" ->
                producer.operand(0).tensor().element().isInteger()
                        ? affine(producer.operand(0), depth + 1)
                        : Optional.empty();
            case "stablehlo.select" -> unwrapped(producer, depth);
            default -> Optional.empty();
        };
    }

    /** An element of a small tensor of integers of the body as a function of the counter. */
    Optional<Affine> affine(Value value, long index) {
        return affineAt(value, index, 0);
    }

    private Optional<Affine> affineAt(Value value, long index, int depth) {
        Operation producer = producers.get(value);
        if (depth > DEEPEST || producer == null || value.tensor().rank() == 0) {
            return value.tensor().rank() == 0 ? affine(value, depth) : Optional.empty();
        }
        return switch (producer.name()) {
            case "stablehlo.add", "stablehlo.subtract" -> {
                Optional<Affine> left = affineAt(producer.operand(0), index, depth + 1);
                Optional<Affine> right = affineAt(producer.operand(1), index, depth + 1);
                long sign = producer.name().equals("stablehlo.add") ? 1 : -1;
                yield left.isPresent() && right.isPresent()
                        ? Optional.of(left.get().plus(right.get(), sign))
                        : Optional.empty();
            }
            case "stablehlo.clamp" -> clamped(producer, index, depth);
            case "stablehlo.constant" ->
                Optional.of(new Affine(0, producer.elements("value").longAt((int) index)));
            default ->
                KnownElements.step(producer, index).flatMap(part -> affineAt(part.tensor(), part.index(), depth + 1));
        };
    }

    /** An index that is not below the lower bound, and not above the upper one as far as that is known; 0 is never above. */
    private Optional<Affine> clamped(Operation clamp, long index, int depth) {
        Optional<Affine> number = affineAt(clamp.operand(1), index, depth + 1);
        Optional<Affine> low = affineAt(clamp.operand(0), index, depth + 1).filter(Affine::isConstant);
        if (number.isEmpty()
                || low.isEmpty()
                || smallest(number.get()) < low.get().offset()) {
            return Optional.empty();
        }
        boolean isZero = number.get().equals(new Affine(0, 0));
        boolean fits = affineAt(clamp.operand(2), index, depth + 1)
                .filter(Affine::isConstant)
                .filter(high -> largest(number.get()) <= high.offset())
                .isPresent();
        return isZero || fits ? number : Optional.empty();
    }

    private long largest(Affine index) {
        long first = start().orElse(Long.MAX_VALUE / 4);
        long last = first + iterations().orElse(0) - 1;
        return Math.max(index.factor() * first, index.factor() * last) + index.offset();
    }

    /** An element of a vector of sizes as a dimension: a number, or a size that is known before the loop. */
    Optional<Dim> size(Value value, long index) {
        return sizeAt(value, index, 0);
    }

    private Optional<Dim> sizeAt(Value value, long index, int depth) {
        Optional<LoweredTensor> known = in.known(value);
        if (known.isPresent()) {
            return known.get()
                    .compact()
                    .parts()
                    .get(0)
                    .contents()
                    .map(dims -> dims.get((int) Math.min(index, dims.size() - 1L)));
        }
        int variable = body.arguments().indexOf(value);
        if (variable >= 0) {
            return isInvariant(variable) ? sizeAt(in.op().operand(variable), index, depth + 1) : Optional.empty();
        }
        Operation producer = producers.get(value);
        if (depth > DEEPEST || producer == null) {
            return Optional.empty();
        }
        if (producer.name().equals("stablehlo.add")) {
            return affineAt(producer.operand(0), index, depth + 1)
                    .filter(offset -> offset.equals(new Affine(0, 0)))
                    .flatMap(offset -> sizeAt(producer.operand(1), index, depth + 1));
        }
        if (producer.name().equals("stablehlo.constant")) {
            return Optional.of(producer.elements("value").longAt((int) index))
                    .filter(size -> size >= 0)
                    .map(Dim::of);
        }
        return KnownElements.step(producer, index).flatMap(part -> sizeAt(part.tensor(), part.index(), depth + 1));
    }

    private Optional<Affine> combined(Operation operation, long sign, int depth) {
        Optional<Affine> left = affine(operation.operand(0), depth + 1);
        Optional<Affine> right = affine(operation.operand(1), depth + 1);
        return left.isPresent() && right.isPresent()
                ? Optional.of(left.get().plus(right.get(), sign))
                : Optional.empty();
    }

    /** The choice between an index and, if it is negative, the index from the end: the former, where it never is. */
    private Optional<Affine> unwrapped(Operation select, int depth) {
        Operation compare = producers.get(select.operand(0));
        if (compare == null
                || !compare.name().equals("stablehlo.compare")
                || !compare.keyword("comparison_direction").equals("LT")
                || outerOrLocal(compare.operand(1)).orElse(-1) != 0) {
            return Optional.empty();
        }
        return affine(compare.operand(0), depth + 1)
                .filter(index -> smallest(index) >= 0)
                .flatMap(index -> affine(select.operand(2), depth + 1));
    }

    private long smallest(Affine index) {
        long first = start().orElse(Long.MIN_VALUE / 4);
        long last = first + iterations().orElse(0) - 1;
        return Math.min(index.factor() * first, index.factor() * last) + index.offset();
    }

    private OptionalLong outerOrLocal(Value value) {
        Operation producer = producers.get(value);
        if (producer == null) {
            return outer(value);
        }
        if (!producer.name().equals("stablehlo.constant")) {
            return OptionalLong.empty();
        }
        Elements elements = producer.elements("value");
        return elements.held() == 1 && elements.type().element().isInteger()
                ? OptionalLong.of(elements.longAt(0))
                : OptionalLong.empty();
    }

    private OptionalLong outer(Value value) {
        return in.known(value)
                .filter(known -> !known.isComplex())
                .flatMap(known -> known.compact().parts().get(0).data())
                .filter(data -> data.size() == 1 && data.type().isInteger() && data.type() != OnnxType.UINT64)
                .map(TensorData::longs)
                .map(numbers -> OptionalLong.of(numbers[0]))
                .orElse(OptionalLong.empty());
    }
}
