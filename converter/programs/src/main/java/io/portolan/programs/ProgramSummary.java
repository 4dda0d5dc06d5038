package io.portolan.programs;

import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.Function;
import io.portolan.programs.stablehlo.Module;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.TensorType;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a program consists of.
 *
 * @param operations the number of operations by name, each function counted as often as it is called
 * @param flops floating-point operations of one run: two for each product that is added, one for each element of elementwise operations;
 *     the body of a loop counts once, and sizes that are open as 1
 * @param constants the constants, the largest first
 * @param constantBytes the size of all constants in bytes
 */
public record ProgramSummary(
        Map<String, Long> operations, double flops, List<TensorType> constants, long constantBytes) {
    /** Operations that compute nothing from floats. */
    private static final List<String> FREE = List.of(
            "stablehlo.constant",
            "stablehlo.iota",
            "stablehlo.reshape",
            "stablehlo.broadcast_in_dim",
            "stablehlo.dynamic_broadcast_in_dim",
            "stablehlo.transpose",
            "stablehlo.slice",
            "stablehlo.concatenate",
            "stablehlo.pad",
            "stablehlo.gather",
            "stablehlo.dynamic_slice",
            "stablehlo.dynamic_update_slice",
            "stablehlo.convert",
            "stablehlo.select",
            "stablehlo.reverse",
            "stablehlo.real",
            "stablehlo.imag",
            "stablehlo.complex",
            "func.call");

    public ProgramSummary {
        operations = Map.copyOf(operations);
        constants = List.copyOf(constants);
    }

    /** Summarises the code of a program. */
    public static ProgramSummary of(Module module) {
        Counter counter = new Counter(module);
        Totals totals = counter.totals(module.main());
        List<TensorType> constants = new ArrayList<>(counter.constants);
        constants.sort(Comparator.comparingLong(ProgramSummary::bytes).reversed());
        long held = constants.stream().mapToLong(ProgramSummary::bytes).sum();
        return new ProgramSummary(totals.operations, totals.flops, constants, held);
    }

    private static long bytes(TensorType type) {
        return type.count() * type.element().bytes();
    }

    /** The numbers of one function. */
    private static final class Totals {
        private final Map<String, Long> operations = new TreeMap<>();
        private double flops;

        private void add(Totals other) {
            other.operations.forEach((name, count) -> operations.merge(name, count, Long::sum));
            flops += other.flops;
        }
    }

    private static final class Counter {
        private final Module module;
        private final Map<String, Totals> known = new HashMap<>();
        private final List<TensorType> constants = new ArrayList<>();

        Counter(Module module) {
            this.module = module;
        }

        Totals totals(Function function) {
            Totals before = known.get(function.name());
            if (before != null) {
                return before;
            }
            Totals totals = new Totals();
            count(function.body(), totals);
            known.put(function.name(), totals);
            return totals;
        }

        private void count(Block block, Totals totals) {
            for (Operation operation : block.operations()) {
                totals.operations.merge(operation.name(), 1L, Long::sum);
                totals.flops += flops(operation);
                if (operation.attributes().get("value") instanceof Attribute.Tensor tensor) {
                    note(tensor.elements());
                }
                if (operation.has("callee")) {
                    totals.add(totals(module.function(operation.symbol("callee"))));
                }
                operation.regions().forEach(region -> count(region, totals));
            }
        }

        private void note(Elements elements) {
            if (!elements.isSplat() && elements.type().rank() > 0) {
                constants.add(elements.type());
            }
        }
    }

    private static double flops(Operation operation) {
        boolean isFree = FREE.contains(operation.name())
                || operation.results().isEmpty()
                || !(operation.results().get(0).type() instanceof TensorType);
        if (isFree) {
            return 0;
        }
        TensorType result = operation.results().get(0).tensor();
        ElementType element = result.element();
        if (!element.isFloat() && !element.isComplex()) {
            return 0;
        }
        double weight = element.isComplex() ? 4 : 1;
        return weight
                * switch (operation.name()) {
                    case "stablehlo.dot_general" ->
                        2
                                * size(result)
                                * product(operation.operand(0), operation.integers("lhs_contracting_dimensions"));
                    case "stablehlo.convolution" -> 2 * size(result) * window(operation);
                    case "stablehlo.fft" -> 5 * size(result) * Math.log(Math.max(2, size(result))) / Math.log(2);
                    case "stablehlo.reduce", "stablehlo.reduce_window" ->
                        size(operation.operand(0).tensor());
                    default -> size(result);
                };
    }

    /** The products that one element of a convolution sums: the kernel without its output features. */
    private static double window(Operation convolution) {
        TensorType kernel = convolution.operand(1).tensor();
        long features = kernel.dim((int) convolution.integer("kernel_output_feature_dimension"));
        return features > 0 ? size(kernel) / features : size(kernel);
    }

    private static double product(Value value, List<Long> axes) {
        double product = 1;
        for (long axis : axes) {
            product *= Math.max(1, value.tensor().dim((int) axis));
        }
        return product;
    }

    private static double size(TensorType type) {
        double size = 1;
        for (long dim : type.dims()) {
            size *= dim == TensorType.DYNAMIC ? 1 : dim;
        }
        return size;
    }
}
