package io.portolan.converter.stablehlo.ops;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The function of two elements, or of two tuples of elements, that a reduction combines with: a block of scalars. If it is elementwise, it
 * can be applied to whole tensors at once.
 */
final class Reducer {
    /** Operations on scalars that do the same to each element of larger tensors; all others of scalars are refused. */
    private static final Set<String> NOT_ELEMENTWISE = Set.of(
            "stablehlo.while",
            "stablehlo.if",
            "stablehlo.case",
            "stablehlo.custom_call",
            "stablehlo.reshape",
            "stablehlo.reduce",
            "stablehlo.dot_general",
            "stablehlo.rng",
            "stablehlo.rng_bit_generator");

    private final OpContext in;
    private final Block block;

    Reducer(OpContext in, Block block) {
        this.in = in;
        this.block = block;
    }

    /** The number of elements in each tuple. */
    int arity() {
        return block.results().size();
    }

    /** The only operation, if it combines the two arguments and they are single elements: {@code add}, {@code maximum}, ... */
    Optional<String> single() {
        if (arity() != 1 || block.arguments().size() != 2 || block.operations().size() != 1) {
            return widened();
        }
        Operation operation = block.operations().get(0);
        boolean isWhole = operation.results().size() == 1
                && operation.result() == block.results().get(0)
                && operation.operands().size() == 2
                && Set.copyOf(block.arguments()).equals(Set.copyOf(operation.operands()));
        return isWhole ? Optional.of(operation.name().substring(operation.name().indexOf('.') + 1)) : Optional.empty();
    }

    /** A reduction of narrow floats in float32: both arguments are widened, combined and narrowed. */
    private Optional<String> widened() {
        if (arity() != 1 || block.arguments().size() != 2 || block.operations().size() != 4) {
            return Optional.empty();
        }
        List<Operation> steps = block.operations();
        boolean isWidened = steps.get(0).name().equals("stablehlo.convert")
                && steps.get(1).name().equals("stablehlo.convert")
                && steps.get(3).name().equals("stablehlo.convert")
                && steps.get(2).operands().size() == 2
                && Set.copyOf(steps.get(2).operands())
                        .equals(Set.of(steps.get(0).result(), steps.get(1).result()))
                && steps.get(3).operand(0) == steps.get(2).result()
                && block.results().get(0) == steps.get(3).result();
        return isWidened
                ? Optional.of(steps.get(2).name().substring(steps.get(2).name().indexOf('.') + 1))
                : Optional.empty();
    }

    /** Whether the function returns its second argument, which replaces the first. */
    boolean isReplacement() {
        return arity() == 1 && block.results().get(0) == block.arguments().get(1);
    }

    /** Whether the function subtracts its second argument from the first; also narrow floats in float32. */
    boolean isDifference() {
        boolean isNamed = single().filter("subtract"::equals).isPresent();
        return isNamed
                && block.operations().stream()
                        .filter(operation -> operation.name().equals("stablehlo.subtract"))
                        .allMatch(difference -> widened(difference.operand(0))
                                == block.arguments().get(0));
    }

    /** What a value was before it was widened; itself if it was not. */
    private Value widened(Value value) {
        return block.operations().stream()
                .filter(operation -> operation.name().equals("stablehlo.convert") && operation.result() == value)
                .map(operation -> operation.operand(0))
                .findFirst()
                .orElse(value);
    }

    /** Whether an operation of a name is among those of the block. */
    boolean uses(String name) {
        return block.operations().stream()
                .anyMatch(operation -> operation.name().equals(name));
    }

    /** The direction of the comparison of the first elements, if the function compares them. */
    Optional<String> comparesFirst() {
        Value left = block.arguments().get(0);
        Value right = block.arguments().get(arity());
        return block.operations().stream()
                .filter(operation -> operation.name().equals("stablehlo.compare")
                        && operation.operand(0) == left
                        && operation.operand(1) == right)
                .map(operation -> operation.keyword("comparison_direction"))
                .filter(direction -> direction.equals("GT") || direction.equals("LT"))
                .findFirst();
    }

    /**
     * Combines tuples of tensors of one shape, element by element.
     *
     * @throws IllegalArgumentException if the function is not elementwise
     */
    List<LoweredTensor> apply(GraphBuilder b, List<LoweredTensor> left, List<LoweredTensor> right) {
        for (Operation operation : block.operations()) {
            if (NOT_ELEMENTWISE.contains(operation.name())
                    || !operation.regions().isEmpty()) {
                throw new IllegalArgumentException(
                        "a reduction by a function that holds " + operation.name() + " is not supported");
            }
        }
        List<LoweredTensor> arguments = new ArrayList<>(left);
        arguments.addAll(right);
        List<LoweredTensor> scalars = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            // Operations on scalars see the type of a scalar; ONNX's elementwise operators do not mind the size.
            scalars.add(LoweredTensor.of(
                    block.arguments().get(i).tensor(), arguments.get(i).compact()));
        }
        List<LoweredTensor> combined = in.translate(block, scalars, b.graph());
        List<LoweredTensor> results = new ArrayList<>();
        for (int i = 0; i < combined.size(); i++) {
            results.add(LoweredTensor.of(left.get(i).type(), combined.get(i).compact()));
        }
        return results;
    }
}
