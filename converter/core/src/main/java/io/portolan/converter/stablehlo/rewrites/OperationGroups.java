package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Operation;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/** Operations that can only be changed together, and whether one of them is worth it. */
final class OperationGroups {
    private static final Set<String> COSTLY =
            Set.of("stablehlo.convolution", "stablehlo.dot_general", "stablehlo.fft", "stablehlo.reduce_window");

    private final Map<Operation, Operation> parents = new IdentityHashMap<>();
    private final Set<Operation> costly = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Adds an operation as a group of its own. */
    void add(Operation operation) {
        if (COSTLY.contains(operation.name())) {
            costly.add(root(operation));
        }
    }

    /** Makes one group of those of two operations. */
    void join(Operation one, Operation other) {
        Operation from = root(one);
        Operation to = root(other);
        if (from != to) {
            parents.put(from, to);
            if (costly.contains(from)) {
                costly.add(to);
            }
        }
    }

    /** Whether the group of an operation has one that takes long. */
    boolean isCostly(Operation operation) {
        return costly.contains(root(operation));
    }

    private Operation root(Operation operation) {
        Operation root = operation;
        while (parents.containsKey(root)) {
            root = parents.get(root);
        }
        for (Operation at = operation; at != root; ) {
            at = parents.put(at, root);
        }
        return root;
    }
}
