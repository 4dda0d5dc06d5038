package io.portolan.converter.xla;

import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Module;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.TensorType;
import io.portolan.programs.stablehlo.Value;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Says what XLA in TensorFlow 2.18 cannot run, before it is asked, because some of it would end the process; and after it failed. */
final class XlaFailures {
    /** Newer than TensorFlow, or for several devices, where XLA ends the process or waits for the others. */
    private static final Set<String> REFUSED = Set.of(
            "stablehlo.all_gather",
            "stablehlo.all_reduce",
            "stablehlo.all_to_all",
            "stablehlo.async_done",
            "stablehlo.async_start",
            "stablehlo.collective_broadcast",
            "stablehlo.collective_permute",
            "stablehlo.collective_reduce",
            "stablehlo.infeed",
            "stablehlo.outfeed",
            "stablehlo.recv",
            "stablehlo.reduce_scatter",
            "stablehlo.send",
            "chlo.mulhi",
            "chlo.ragged_dot");

    private static final Set<ElementType> UNKNOWN_TYPES = Set.of(
            ElementType.F8E4M3,
            ElementType.F8E3M4,
            ElementType.F8E8M0FNU,
            ElementType.F4E2M1FN,
            ElementType.F6E2M3FN,
            ElementType.F6E3M2FN,
            ElementType.TF32);

    /** Calls that XLA itself replaces. */
    private static final Set<String> KNOWN_CALLS = Set.of("shape_assertion", "Sharding", "ApproxTopK");

    private static final String UNREADABLE = "Cannot deserialize";
    private static final String CALL = "custom call";

    private XlaFailures() {}

    /**
     * Refuses a program that XLA is known not to run.
     *
     * @throws XlaException with all reasons
     */
    static void require(Module module) {
        Set<String> operations = new TreeSet<>();
        Set<String> types = new TreeSet<>();
        visit(module, operation -> {
            if (REFUSED.contains(operation.name()) || operation.definition().isEmpty()) {
                operations.add(operation.name());
            }
            Stream.of(operation.operands(), operation.results())
                    .flatMap(Collection::stream)
                    .map(Value::type)
                    .filter(type -> type instanceof TensorType tensor && UNKNOWN_TYPES.contains(tensor.element()))
                    .forEach(type -> types.add(((TensorType) type).element().toString()));
        });
        if (!operations.isEmpty() || !types.isEmpty()) {
            throw new XlaException((operations.isEmpty() ? "" : "of the operations " + String.join(", ", operations))
                    + (operations.isEmpty() || types.isEmpty() ? "" : ", and ")
                    + (types.isEmpty() ? "" : "of elements of the types " + String.join(", ", types)));
        }
    }

    /** The failure of a run in one line. */
    static XlaException explain(Module module, RuntimeException failure) {
        String reason = failure.getMessage().lines().findFirst().orElse("without a reason");
        Set<String> suspects = new TreeSet<>();
        if (reason.contains(UNREADABLE)) {
            visit(module, operation -> {
                if (!operation.attributes().isEmpty() || !operation.regions().isEmpty()) {
                    suspects.add(operation.name());
                }
            });
            return new XlaException(
                    "it does not understand one of " + String.join(", ", suspects) + " (" + reason + ")", failure);
        }
        if (reason.contains(CALL)) {
            visit(module, operation -> {
                String target =
                        operation.name().equals("stablehlo.custom_call") ? operation.text("call_target_name", "") : "";
                if (!target.isEmpty() && !KNOWN_CALLS.contains(target) && !target.startsWith("stablehlo.")) {
                    suspects.add(target);
                }
            });
            return new XlaException("of custom calls to " + String.join(", ", suspects), failure);
        }
        return new XlaException("XLA says: " + reason, failure);
    }

    private static void visit(Module module, Consumer<Operation> visitor) {
        module.functions().values().forEach(function -> function.body().visit(visitor));
    }
}
