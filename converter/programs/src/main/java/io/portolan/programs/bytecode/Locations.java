package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Attribute;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The names in locations. JAX puts the name of an operation, such as {@code jit(f)/Dense_0/dot_general}, and the name of an argument,
 * such as {@code params['w']}, around the stack of Python calls, whose functions are names as well.
 */
final class Locations {
    private static final int MOST_STEPS = 64;
    private static final int CALL_SITE = 10;
    private static final int FUSED = 12;
    private static final int FUSED_WITH_METADATA = 13;
    private static final int NAMED = 14;

    private final Pool pool;
    private final String[] names;

    Locations(Pool pool) {
        this.pool = pool;
        this.names = new String[pool.attributeCount()];
    }

    /** Reads a location, and gives its name; empty if it has none. */
    String read(ByteCursor in) throws ProgramException {
        int index = in.index(names.length, "location");
        if (names[index] == null) {
            names[index] = find(index);
        }
        return names[index];
    }

    /** Searches from the outermost location inwards, a bounded number of steps. Below a call site, names without a slash are Python's. */
    private String find(int outermost) throws ProgramException {
        Deque<Step> open = new ArrayDeque<>();
        open.push(new Step(outermost, false));
        for (int steps = 0; steps < MOST_STEPS && !open.isEmpty(); steps++) {
            Step step = open.pop();
            if (!pool.attributeEntries().dialect(step.index).equals("builtin")
                    || pool.attributeEntries().isText(step.index)) {
                continue;
            }
            ByteCursor in = pool.attributeEntries().entry(step.index);
            int code = in.index(Integer.MAX_VALUE, "attribute code");
            switch (code) {
                case NAMED -> {
                    String name = text(in);
                    if (!name.isEmpty() && (!step.isCalled || name.contains("/"))) {
                        return name;
                    }
                    open.push(new Step(index(in), step.isCalled));
                }
                case CALL_SITE -> open.push(new Step(index(in), true));
                case FUSED, FUSED_WITH_METADATA -> {
                    int count = Math.min(in.count("locations"), MOST_STEPS);
                    for (int i = 0; i < count; i++) {
                        open.addLast(new Step(index(in), step.isCalled));
                    }
                }
                default -> {}
            }
        }
        return "";
    }

    private record Step(int index, boolean isCalled) {}

    private int index(ByteCursor in) throws ProgramException {
        return in.index(names.length, "attribute");
    }

    private String text(ByteCursor in) throws ProgramException {
        int index = index(in);
        if (pool.attribute(index) instanceof Attribute.Text text) {
            return text.value();
        }
        throw in.fault("the name of a location is not a text");
    }
}
