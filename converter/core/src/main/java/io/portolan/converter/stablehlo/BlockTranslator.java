package io.portolan.converter.stablehlo;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Module;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Translates blocks, operation by operation. Calls are inlined. */
final class BlockTranslator {
    /** A program that calls deeper than this calls itself. */
    private static final int DEEPEST = 256;

    private final Module module;
    private final LoweringRegistry registry;
    private final Map<Value, LoweredTensor> environment = new IdentityHashMap<>();
    private final Map<Value, Operation> producers = new IdentityHashMap<>();
    private final Map<Operation, List<LoweredTensor>> replaced = new IdentityHashMap<>();
    private final Set<Value> used = Collections.newSetFromMap(new IdentityHashMap<>());
    private int depth;

    BlockTranslator(Module module, LoweringRegistry registry) {
        this.module = module;
        this.registry = registry;
    }

    Module module() {
        return module;
    }

    Optional<LoweredTensor> known(Value value) {
        return Optional.ofNullable(environment.get(value));
    }

    /** Whether any operation of the blocks that were begun uses a value. */
    boolean isUsed(Value value) {
        return used.contains(value);
    }

    private void noteUses(Block block) {
        used.addAll(block.results());
        block.operations().forEach(operation -> {
            used.addAll(operation.operands());
            operation.regions().forEach(this::noteUses);
        });
    }

    Optional<Operation> producer(Value value) {
        return Optional.ofNullable(producers.get(value));
    }

    /** Appends a block in which the results of some operations are given. */
    List<LoweredTensor> block(
            Block block, List<LoweredTensor> arguments, OnnxGraph graph, Map<Operation, List<LoweredTensor>> given) {
        replaced.putAll(given);
        return block(block, arguments, graph);
    }

    List<LoweredTensor> call(String function, List<LoweredTensor> arguments, OnnxGraph graph) {
        Block body = module.function(function).body();
        noteUses(body);
        return block(body, arguments, graph);
    }

    /**
     * Appends a block to a graph.
     *
     * @return its results
     */
    List<LoweredTensor> block(Block block, List<LoweredTensor> arguments, OnnxGraph graph) {
        if (block.arguments().size() != arguments.size()) {
            throw new IllegalArgumentException(
                    "expected " + block.arguments().size() + " arguments, got " + arguments.size());
        }
        if (++depth > DEEPEST) {
            throw new ConversionException("The program nests calls deeper than " + DEEPEST);
        }
        if (depth == 1) {
            noteUses(block);
        }
        for (int i = 0; i < arguments.size(); i++) {
            environment.put(block.arguments().get(i), arguments.get(i));
        }
        for (Operation operation : block.operations()) {
            List<LoweredTensor> given = replaced.get(operation);
            List<LoweredTensor> results = given == null ? lower(operation, graph) : given;
            for (int i = 0; i < results.size(); i++) {
                environment.put(operation.results().get(i), results.get(i));
                producers.put(operation.results().get(i), operation);
            }
        }
        depth--;
        return block.results().stream().map(this::lookUp).toList();
    }

    private List<LoweredTensor> lower(Operation operation, OnnxGraph graph) {
        GraphBuilder builder = new GraphBuilder(graph).scope(scope(operation));
        try {
            List<LoweredTensor> operands =
                    operation.operands().stream().map(this::lookUp).toList();
            OpLowering lowering = registry.find(Names.of(operation, registry)).orElseThrow();
            List<LoweredTensor> results = lowering.handler().lower(new OpContext(operation, operands, this, builder));
            if (results.size() != operation.results().size()) {
                throw new IllegalStateException(operation + " was lowered to " + results.size() + " results");
            }
            return lowering.rounds() ? rounded(results, builder) : results;
        } catch (IllegalArgumentException e) {
            String name = operation.location().isEmpty() ? "" : " at " + operation.location();
            throw new ConversionException(operation.name() + name + ": " + e.getMessage(), e);
        }
    }

    private static List<LoweredTensor> rounded(List<LoweredTensor> results, GraphBuilder b) {
        List<LoweredTensor> rounded = new ArrayList<>(results.size());
        for (LoweredTensor result : results) {
            rounded.add(
                    result.type().element() == ElementType.BF16
                            ? result.withCompact(
                                    result.type(),
                                    result.compact().parts().stream()
                                            .map(part -> toBfloat16AndBack(part, b))
                                            .toList())
                            : result);
        }
        return rounded;
    }

    static io.portolan.converter.ir.Value toBfloat16AndBack(io.portolan.converter.ir.Value x, GraphBuilder b) {
        return b.cast(b.cast(x, OnnxType.BFLOAT16), OnnxType.FLOAT);
    }

    private LoweredTensor lookUp(Value value) {
        LoweredTensor found = environment.get(value);
        if (found == null) {
            throw new IllegalArgumentException("uses a value before it is computed");
        }
        return found;
    }

    /** The JAX name of an operation without that of the outermost function; its own name if it has none. */
    private static String scope(Operation operation) {
        String name = operation.location();
        if (name.startsWith("jit(") && name.contains(")/")) {
            name = name.substring(name.indexOf(")/") + 2);
        }
        return name.isEmpty() ? operation.name().substring(operation.name().indexOf('.') + 1) : name;
    }
}
