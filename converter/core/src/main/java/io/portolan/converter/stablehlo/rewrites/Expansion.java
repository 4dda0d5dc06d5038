package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.TensorType;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Puts back repetitions: those of one layout that another does not have. Axes of which only a factor is repeated are split, expanded and
 * merged first; axes that are repeated as a whole are broadcast last, which most operations need not do at all.
 */
final class Expansion {
    private final List<Long> split = new ArrayList<>();
    private final List<Long> expanded = new ArrayList<>();
    private final List<Long> merged = new ArrayList<>();
    private final List<Long> broadcast = new ArrayList<>();

    Expansion(Layout from, Layout to) {
        for (int axis = 0; axis < from.axes().size(); axis++) {
            addAxis(missing(from.axis(axis), to.axis(axis)));
        }
    }

    /** The factors of an axis that are to be there afterwards, marked if they are not there yet. */
    private static List<Factor> missing(List<Factor> from, List<Factor> to) {
        Factor.Sequence held = new Factor.Sequence(from);
        Factor.Sequence wanted = new Factor.Sequence(to);
        List<Factor> factors = new ArrayList<>();
        while (held.hasNext()) {
            long size = Math.min(held.size(), wanted.size());
            boolean isMissing = held.take(size).repeated();
            if (!wanted.take(size).repeated()) {
                factors.add(0, new Factor(size, isMissing));
            }
        }
        return Factor.merged(factors);
    }

    private void addAxis(List<Factor> factors) {
        long size = Factor.size(factors);
        broadcast.add(size);
        if (factors.size() > 1) {
            factors.forEach(factor -> {
                split.add(factor.repeated() ? 1 : factor.size());
                expanded.add(factor.size());
            });
            merged.add(size);
        } else {
            long held = Factor.kept(factors);
            split.add(held);
            expanded.add(held);
            merged.add(held);
        }
    }

    /**
     * Appends the operations that expand a tensor.
     *
     * @param to a value of the expanded type, which the last of them computes
     * @return that value, or {@code from} if nothing is missing
     */
    Value append(Value from, Value to, Appender append) {
        var element = to.tensor().element();
        Value part = from;
        if (!split.equals(expanded)) {
            part = append.operation("stablehlo.reshape", new TensorType(element, split), part);
            part = broadcast(part, new Value(new TensorType(element, expanded)), append);
            Value whole = merged.equals(broadcast) ? to : new Value(new TensorType(element, merged));
            part = append.operation("stablehlo.reshape", whole, part);
        }
        return merged.equals(broadcast) ? part : broadcast(part, to, append);
    }

    private static Value broadcast(Value from, Value to, Appender append) {
        List<Long> axes = new ArrayList<>();
        for (long axis = 0; axis < to.tensor().rank(); axis++) {
            axes.add(axis);
        }
        return append.operation(
                "stablehlo.broadcast_in_dim", Map.of("broadcast_dimensions", new Attribute.Ints(axes)), to, from);
    }
}
