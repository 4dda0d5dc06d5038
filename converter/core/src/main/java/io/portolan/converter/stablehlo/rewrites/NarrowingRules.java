package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.TensorType;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Which parts of its operands an operation needs for a part of its result. One that has no rule needs all. */
final class NarrowingRules {
    /** A rule; empty if the operation needs all of its operands. */
    private interface Rule {
        Optional<Narrowing> of(Operation operation, Box result);
    }

    private static final Map<String, Rule> RULES = new LinkedHashMap<>();

    static {
        ElementwiseNames.ALL.forEach(name -> RULES.put(name, NarrowingRules::elementwise));
        RULES.put("stablehlo.constant", NarrowingRules::constant);
        RULES.put("stablehlo.iota", NarrowingRules::iota);
        RULES.put("stablehlo.broadcast_in_dim", NarrowingRules::broadcast);
        RULES.put("stablehlo.reshape", NarrowingRules::reshape);
        RULES.put("stablehlo.transpose", NarrowingRules::transpose);
        RULES.put("stablehlo.slice", NarrowingRules::slice);
        RULES.put("stablehlo.pad", NarrowingRules::pad);
        RULES.put("stablehlo.concatenate", NarrowingRules::concatenate);
        RULES.put("stablehlo.reduce", NarrowingRules::reduce);
        RULES.put("stablehlo.convolution", NarrowingRules::convolution);
        RULES.put("stablehlo.dot_general", NarrowingRules::product);
        RULES.put("stablehlo.fft", NarrowingRules::fourier);
    }

    private NarrowingRules() {}

    /** How a part of the only result of an operation is computed; empty if it takes as much as the whole. */
    static Optional<Narrowing> of(Operation operation, Box result) {
        Rule rule = RULES.get(operation.name());
        return rule == null ? Optional.empty() : rule.of(operation, result);
    }

    private static Optional<Narrowing> elementwise(Operation operation, Box result) {
        int rank = operation.result().tensor().rank();
        // Bounds of clamp and predicates of select may be scalars.
        return Optional.of(Narrowing.of(
                operation,
                operation.operands().stream()
                        .map(operand -> operand.tensor().rank() == rank ? result : Box.whole(operand.tensor()))
                        .toList()));
    }

    private static Optional<Narrowing> constant(Operation operation, Box result) {
        Elements elements = operation.elements("value");
        if (elements.held() != 1) {
            return Optional.empty();
        }
        Attribute part = new Attribute.Tensor(new Elements(result.type(elements.type()), elements.bytes()));
        return Optional.of(Narrowing.of(operation, Map.of("value", part), List.of()));
    }

    private static Optional<Narrowing> iota(Operation operation, Box result) {
        Range counted = result.axis((int) operation.integer("iota_dimension"));
        return counted.start() == 0 ? Optional.of(Narrowing.of(operation, List.of())) : Optional.empty();
    }

    private static Optional<Narrowing> broadcast(Operation operation, Box result) {
        TensorType from = operation.operand(0).tensor();
        TensorType type = operation.result().tensor();
        List<Long> places = operation.integers("broadcast_dimensions");
        List<Range> axes = IntStream.range(0, from.rank())
                .mapToObj(axis -> {
                    int place = places.get(axis).intValue();
                    return from.dim(axis) == type.dim(place) ? result.axis(place) : Range.whole(from.dim(axis));
                })
                .toList();
        return Optional.of(Narrowing.of(operation, List.of(new Box(axes))));
    }

    /** An axis that the reshape leaves alone: of the same size, behind axes with as many elements together. */
    private static Optional<Narrowing> reshape(Operation operation, Box result) {
        TensorType from = operation.operand(0).tensor();
        TensorType type = operation.result().tensor();
        Box box = Box.whole(from);
        boolean[] isMatched = new boolean[type.rank()];
        long before = 1;
        for (int axis = 0; axis < from.rank(); axis++) {
            int place = placeBehind(type, before, from.dim(axis));
            if (place >= 0) {
                box = box.withAxis(axis, result.axis(place));
                isMatched[place] = true;
            }
            before *= from.dim(axis);
        }
        boolean isAll = IntStream.range(0, type.rank())
                .allMatch(axis -> isMatched[axis] || result.axis(axis).size() == type.dim(axis));
        return isAll ? Optional.of(Narrowing.of(operation, List.of(box))) : Optional.empty();
    }

    private static int placeBehind(TensorType type, long elements, long size) {
        long before = 1;
        for (int axis = 0; axis < type.rank(); axis++) {
            if (before == elements && type.dim(axis) == size && size > 1) {
                return axis;
            }
            before *= type.dim(axis);
        }
        return -1;
    }

    private static Optional<Narrowing> transpose(Operation operation, Box result) {
        List<Long> permutation = operation.integers("permutation");
        List<Range> axes = IntStream.range(0, permutation.size())
                .mapToObj(axis -> result.axis(permutation.indexOf((long) axis)))
                .toList();
        return Optional.of(Narrowing.of(operation, List.of(new Box(axes))));
    }

    private static Optional<Narrowing> slice(Operation operation, Box result) {
        List<Long> starts = operation.integers("start_indices");
        List<Long> strides = operation.integers("strides");
        List<Range> axes = new ArrayList<>();
        for (int axis = 0; axis < starts.size(); axis++) {
            long first = starts.get(axis) + result.axis(axis).start() * strides.get(axis);
            long last = starts.get(axis) + (result.axis(axis).limit() - 1) * strides.get(axis);
            axes.add(new Range(first, last + 1));
        }
        Box box = new Box(axes);
        Map<String, Attribute> attributes = new LinkedHashMap<>(operation.attributes());
        attributes.put(
                "start_indices",
                new Attribute.Ints(axes.stream().map(range -> 0L).toList()));
        attributes.put(
                "limit_indices",
                new Attribute.Ints(axes.stream().map(Range::size).toList()));
        return Optional.of(Narrowing.of(operation, attributes, List.of(box)));
    }

    private static Optional<Narrowing> pad(Operation operation, Box result) {
        List<Long> lows = operation.integers("edge_padding_low");
        List<Long> interiors = operation.integers("interior_padding");
        TensorType from = operation.operand(0).tensor();
        List<Range> axes = new ArrayList<>();
        List<Long> low = new ArrayList<>();
        List<Long> high = new ArrayList<>();
        for (int axis = 0; axis < lows.size(); axis++) {
            long step = interiors.get(axis) + 1;
            Range wanted = result.axis(axis).shifted(-lows.get(axis));
            Range range = new Range(
                            Math.floorDiv(wanted.start() + step - 1, step), Math.floorDiv(wanted.limit() - 1, step) + 1)
                    .intersection(Range.whole(from.dim(axis)));
            if (range.isEmpty()) {
                // Only padding is left.
                Narrowing.Part value =
                        new Narrowing.Part(1, Box.whole(operation.operand(1).tensor()));
                return Optional.of(new Narrowing(
                        "stablehlo.broadcast_in_dim",
                        Map.of("broadcast_dimensions", new Attribute.Ints(List.of())),
                        List.of(value)));
            }
            axes.add(range);
            low.add(range.start() * step - wanted.start());
            high.add(wanted.limit() - ((range.limit() - 1) * step + 1));
        }
        Map<String, Attribute> attributes = new LinkedHashMap<>(operation.attributes());
        attributes.put("edge_padding_low", new Attribute.Ints(low));
        attributes.put("edge_padding_high", new Attribute.Ints(high));
        return Optional.of(Narrowing.of(
                operation,
                attributes,
                List.of(new Box(axes), Box.whole(operation.operand(1).tensor()))));
    }

    private static Optional<Narrowing> concatenate(Operation operation, Box result) {
        int axis = (int) operation.integer("dimension");
        List<Narrowing.Part> parts = new ArrayList<>();
        long before = 0;
        for (int i = 0; i < operation.operands().size(); i++) {
            long size = operation.operand(i).tensor().dim(axis);
            Range range = result.axis(axis).shifted(-before).intersection(Range.whole(size));
            if (!range.isEmpty()) {
                parts.add(new Narrowing.Part(i, result.withAxis(axis, range)));
            }
            before += size;
        }
        return Optional.of(
                parts.size() == 1
                        ? new Narrowing("stablehlo.reshape", Map.of(), parts)
                        : new Narrowing(operation.name(), operation.attributes(), parts));
    }

    private static Optional<Narrowing> reduce(Operation operation, Box result) {
        List<Long> reduced = operation.integers("dimensions");
        TensorType from = operation.operand(0).tensor();
        List<Range> axes = new ArrayList<>();
        int kept = 0;
        for (int axis = 0; axis < from.rank(); axis++) {
            axes.add(reduced.contains((long) axis) ? Range.whole(from.dim(axis)) : result.axis(kept++));
        }
        return Optional.of(Narrowing.of(
                operation, List.of(new Box(axes), Box.whole(operation.operand(1).tensor()))));
    }

    private static Optional<Narrowing> convolution(Operation operation, Box result) {
        int outputBatch = (int) operation.integer("output_batch_dimension");
        TensorType type = operation.result().tensor();
        boolean isBatchOnly = result.only(type, axis -> axis != outputBatch).isWhole(type);
        if (operation.integer("batch_group_count", 1) != 1 || !isBatchOnly) {
            return Optional.empty();
        }
        Box image = Box.whole(operation.operand(0).tensor())
                .withAxis((int) operation.integer("input_batch_dimension"), result.axis(outputBatch));
        return Optional.of(Narrowing.of(
                operation, List.of(image, Box.whole(operation.operand(1).tensor()))));
    }

    private static Optional<Narrowing> product(Operation operation, Box result) {
        List<Long> leftBatch = operation.integers("lhs_batching_dimensions");
        List<Long> rightBatch = operation.integers("rhs_batching_dimensions");
        Box left = Box.whole(operation.operand(0).tensor());
        Box right = Box.whole(operation.operand(1).tensor());
        int at = 0;
        for (int i = 0; i < leftBatch.size(); i++, at++) {
            left = left.withAxis(leftBatch.get(i).intValue(), result.axis(at));
            right = right.withAxis(rightBatch.get(i).intValue(), result.axis(at));
        }
        for (int axis : free(operation.operand(0), leftBatch, operation.integers("lhs_contracting_dimensions"))) {
            left = left.withAxis(axis, result.axis(at++));
        }
        for (int axis : free(operation.operand(1), rightBatch, operation.integers("rhs_contracting_dimensions"))) {
            right = right.withAxis(axis, result.axis(at++));
        }
        return Optional.of(Narrowing.of(operation, List.of(left, right)));
    }

    private static int[] free(Value operand, List<Long> batch, List<Long> summed) {
        return IntStream.range(0, operand.tensor().rank())
                .filter(axis -> !batch.contains((long) axis) && !summed.contains((long) axis))
                .toArray();
    }

    private static Optional<Narrowing> fourier(Operation operation, Box result) {
        TensorType type = operation.result().tensor();
        int transformed = type.rank() - operation.integers("fft_length").size();
        IntPredicate isKept = axis -> axis < transformed;
        if (!result.only(type, isKept.negate()).isWhole(type)) {
            return Optional.empty();
        }
        TensorType from = operation.operand(0).tensor();
        return Optional.of(Narrowing.of(operation, List.of(result.only(from, isKept))));
    }
}
