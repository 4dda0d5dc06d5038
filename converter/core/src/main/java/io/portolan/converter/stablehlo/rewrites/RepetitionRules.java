package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What operations make of operands that repeat themselves. An operation that has no rule gets its operands in full. */
final class RepetitionRules {
    /** A rule; empty if nothing can be saved. */
    private interface Rule {
        Optional<Repetition> of(Operation operation, List<Layout> operands);
    }

    private static final Map<String, Rule> RULES = new LinkedHashMap<>();

    static {
        ElementwiseNames.ALL.forEach(name -> RULES.put(name, RepetitionRules::elementwise));
        RULES.put("stablehlo.constant", RepetitionRules::constant);
        RULES.put("stablehlo.iota", RepetitionRules::iota);
        RULES.put("stablehlo.broadcast_in_dim", RepetitionRules::broadcast);
        RULES.put("stablehlo.reshape", RepetitionRules::reshape);
        RULES.put("stablehlo.transpose", RepetitionRules::transpose);
        RULES.put("stablehlo.slice", RepetitionRules::slice);
        RULES.put("stablehlo.pad", RepetitionRules::pad);
        RULES.put("stablehlo.concatenate", RepetitionRules::concatenate);
        RULES.put("stablehlo.reduce", RepetitionRules::reduce);
        RULES.put("stablehlo.reduce_window", RepetitionRules::reduceWindow);
        RULES.put("stablehlo.convolution", RepetitionRules::convolution);
        RULES.put("stablehlo.dot_general", RepetitionRules::product);
        RULES.put("stablehlo.fft", RepetitionRules::fourier);
    }

    private RepetitionRules() {}

    /** How an operation is computed once for what its operands repeat; empty if nothing is saved. */
    static Optional<Repetition> of(Operation operation, List<Layout> operands) {
        Rule rule = RULES.get(operation.name());
        return rule == null
                ? Optional.empty()
                : rule.of(operation, operands).filter(found -> found.result().repeats());
    }

    private static Optional<Repetition> elementwise(Operation operation, List<Layout> operands) {
        int rank = operation.result().tensor().rank();
        // Bounds of clamp and predicates of select may be scalars.
        Optional<Layout> common =
                operands.stream().filter(layout -> layout.axes().size() == rank).reduce(Layout::common);
        return common.map(result -> Repetition.of(
                operation,
                operands.stream()
                        .map(layout -> layout.axes().size() == rank ? result : layout)
                        .toList(),
                result));
    }

    private static Optional<Repetition> constant(Operation operation, List<Layout> operands) {
        Elements elements = operation.elements("value");
        TensorType type = elements.type();
        if (elements.held() != 1) {
            return Optional.empty();
        }
        Layout result = Layout.repeatedAlong(type, axis -> true);
        Attribute one = new Attribute.Tensor(new Elements(result.kept(type), elements.bytes()));
        return Optional.of(new Repetition(List.of(), Map.of("value", one), result));
    }

    private static Optional<Repetition> iota(Operation operation, List<Layout> operands) {
        long counted = operation.integer("iota_dimension");
        Layout result = Layout.repeatedAlong(operation.result().tensor(), axis -> axis != counted);
        return Optional.of(Repetition.of(operation, List.of(), result));
    }

    private static Optional<Repetition> broadcast(Operation operation, List<Layout> operands) {
        TensorType from = operation.operand(0).tensor();
        TensorType type = operation.result().tensor();
        List<Long> places = operation.integers("broadcast_dimensions");
        List<List<Factor>> axes =
                new ArrayList<>(Layout.repeatedAlong(type, axis -> true).axes());
        for (int axis = 0; axis < from.rank(); axis++) {
            int place = places.get(axis).intValue();
            if (from.dim(axis) == type.dim(place)) {
                axes.set(place, operands.get(0).axis(axis));
            }
        }
        return Optional.of(Repetition.of(operation, operands, new Layout(axes)));
    }

    private static Optional<Repetition> reshape(Operation operation, List<Layout> operands) {
        return operands.get(0)
                .reshaped(operation.result().tensor())
                .map(result -> Repetition.of(operation, operands, result));
    }

    private static Optional<Repetition> transpose(Operation operation, List<Layout> operands) {
        Layout result = new Layout(operation.integers("permutation").stream()
                .map(from -> operands.get(0).axis(from.intValue()))
                .toList());
        return Optional.of(Repetition.of(operation, operands, result));
    }

    private static Optional<Repetition> slice(Operation operation, List<Layout> operands) {
        TensorType from = operation.operand(0).tensor();
        TensorType type = operation.result().tensor();
        Layout own = operands.get(0);
        List<Long> starts = new ArrayList<>(operation.integers("start_indices"));
        List<Long> limits = new ArrayList<>(operation.integers("limit_indices"));
        List<Long> strides = new ArrayList<>(operation.integers("strides"));
        List<List<Factor>> result = new ArrayList<>();
        for (int axis = 0; axis < from.rank(); axis++) {
            boolean isWhole = from.dim(axis) == type.dim(axis);
            if (!isWhole && !own.isRepeatedAlong(axis)) {
                result.add(Factor.plain(type.dim(axis)));
                continue;
            }
            result.add(isWhole ? own.axis(axis) : Factor.repeated(type.dim(axis)));
            starts.set(axis, 0L);
            limits.set(axis, Factor.kept(own.axis(axis)));
            strides.set(axis, 1L);
        }
        Map<String, Attribute> attributes = new LinkedHashMap<>(operation.attributes());
        attributes.put("start_indices", new Attribute.Ints(starts));
        attributes.put("limit_indices", new Attribute.Ints(limits));
        attributes.put("strides", new Attribute.Ints(strides));
        Layout shortened = own.only(axis -> from.dim(axis) == type.dim(axis) || own.isRepeatedAlong(axis));
        return Optional.of(new Repetition(List.of(shortened), attributes, new Layout(result)));
    }

    private static Optional<Repetition> pad(Operation operation, List<Layout> operands) {
        List<List<Long>> amounts = Stream.of("edge_padding_low", "edge_padding_high", "interior_padding")
                .map(operation::integers)
                .toList();
        IntPredicate isWhole = axis -> amounts.stream().allMatch(amount -> amount.get(axis) == 0);
        return Optional.of(alongAxes(operation, operands, isWhole, 1));
    }

    private static Optional<Repetition> concatenate(Operation operation, List<Layout> operands) {
        long joined = operation.integer("dimension");
        Layout common = operands.stream()
                .map(layout -> withoutAxis(layout, joined))
                .reduce(Layout::common)
                .orElseThrow();
        List<Layout> shortened = operands.stream()
                .map(layout -> withAxis(common, joined, Factor.unknown(layout.axis((int) joined))))
                .toList();
        Layout result = withAxis(
                common, joined, Factor.plain(operation.result().tensor().dim((int) joined)));
        return Optional.of(Repetition.of(operation, shortened, result));
    }

    private static Layout withoutAxis(Layout layout, long axis) {
        return withAxis(layout, axis, List.of());
    }

    private static Layout withAxis(Layout layout, long axis, List<Factor> factors) {
        List<List<Factor>> axes = new ArrayList<>(layout.axes());
        axes.set((int) axis, factors);
        return new Layout(axes);
    }

    private static Optional<Repetition> reduce(Operation operation, List<Layout> operands) {
        List<Long> reduced = operation.integers("dimensions");
        int inputs = operands.size() / 2;
        Layout common = operands.subList(0, inputs).stream()
                .reduce(Layout::common)
                .orElseThrow()
                .only(axis -> !reduced.contains((long) axis));
        Layout result = new Layout(IntStream.range(0, common.axes().size())
                .filter(axis -> !reduced.contains((long) axis))
                .mapToObj(common::axis)
                .toList());
        return Optional.of(Repetition.of(operation, shortened(operands, common, inputs), result));
    }

    private static Optional<Repetition> reduceWindow(Operation operation, List<Layout> operands) {
        int rank = operation.operand(0).tensor().rank();
        List<Long> sizes = operation.integers("window_dimensions", rank, 1);
        List<Long> strides = operation.integers("window_strides", rank, 1);
        List<Long> dilations = operation.integers("base_dilations", rank, 1);
        List<Long> padding = operation.integers("padding", 2 * rank, 0);
        IntPredicate isWhole = axis -> sizes.get(axis) == 1
                && strides.get(axis) == 1
                && dilations.get(axis) == 1
                && padding.get(2 * axis) == 0
                && padding.get(2 * axis + 1) == 0;
        return Optional.of(alongAxes(operation, operands, isWhole, operands.size() / 2));
    }

    /** Operations whose first operands are treated equally along some axes, and mix the elements of the others. */
    private static Repetition alongAxes(Operation operation, List<Layout> operands, IntPredicate isWhole, int inputs) {
        Layout common = operands.subList(0, inputs).stream()
                .reduce(Layout::common)
                .orElseThrow()
                .only(isWhole);
        TensorType type = operation.results().get(0).tensor();
        Layout result = new Layout(IntStream.range(0, type.rank())
                .mapToObj(axis -> isWhole.test(axis) ? common.axis(axis) : Factor.plain(type.dim(axis)))
                .toList());
        return Repetition.of(operation, shortened(operands, common, inputs), result);
    }

    /** One layout for the first operands, and the others in full. */
    private static List<Layout> shortened(List<Layout> operands, Layout first, int count) {
        return Stream.concat(
                        Collections.nCopies(count, first).stream(),
                        operands.stream().skip(count).map(layout -> layout.only(axis -> false)))
                .toList();
    }

    private static Optional<Repetition> convolution(Operation operation, List<Layout> operands) {
        if (operation.integer("batch_group_count", 1) != 1) {
            return Optional.empty();
        }
        int batch = (int) operation.integer("input_batch_dimension");
        long outputBatch = operation.integer("output_batch_dimension");
        TensorType type = operation.result().tensor();
        List<Layout> shortened = List.of(
                operands.get(0).only(axis -> axis == batch), operands.get(1).only(axis -> false));
        Layout result =
                withAxis(Layout.plain(type), outputBatch, operands.get(0).axis(batch));
        return Optional.of(Repetition.of(operation, shortened, result));
    }

    private static Optional<Repetition> product(Operation operation, List<Layout> operands) {
        Layout left = operands.get(0);
        Layout right = operands.get(1);
        List<Long> leftBatch = operation.integers("lhs_batching_dimensions");
        List<Long> rightBatch = operation.integers("rhs_batching_dimensions");
        List<List<Factor>> result = new ArrayList<>();
        for (int i = 0; i < leftBatch.size(); i++) {
            List<Factor> common = Factor.common(
                    left.axis(leftBatch.get(i).intValue()),
                    right.axis(rightBatch.get(i).intValue()));
            left = withAxis(left, leftBatch.get(i), common);
            right = withAxis(right, rightBatch.get(i), common);
            result.add(common);
        }
        List<Long> leftSummed = operation.integers("lhs_contracting_dimensions");
        List<Long> rightSummed = operation.integers("rhs_contracting_dimensions");
        left = left.only(axis -> !leftSummed.contains((long) axis));
        right = right.only(axis -> !rightSummed.contains((long) axis));
        result.addAll(free(left, leftBatch, leftSummed));
        result.addAll(free(right, rightBatch, rightSummed));
        return Optional.of(Repetition.of(operation, List.of(left, right), new Layout(result)));
    }

    private static List<List<Factor>> free(Layout layout, List<Long> batch, List<Long> summed) {
        return IntStream.range(0, layout.axes().size())
                .filter(axis -> !batch.contains((long) axis) && !summed.contains((long) axis))
                .mapToObj(layout::axis)
                .toList();
    }

    private static Optional<Repetition> fourier(Operation operation, List<Layout> operands) {
        int rank = operation.result().tensor().rank();
        int transformed = rank - operation.integers("fft_length").size();
        return Optional.of(alongAxes(operation, operands, axis -> axis < transformed, 1));
    }
}
