package io.portolan.programs.text;

import io.portolan.programs.ProgramException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The names in locations. JAX puts the name of an operation, such as {@code jit(f)/Dense_0/dot_general}, and the name of an argument,
 * such as {@code params['w']}, around the stack of Python calls, whose functions are names as well.
 */
final class LocationText {
    private static final int MOST_STEPS = 64;
    private static final int MOST_READINGS = 16;

    private final TextCursor in;
    private final Aliases aliases;
    private final Map<String, String> known = new HashMap<>();

    /** How much text may be skipped in search of names; when it is spent, locations have none. */
    private long budget;

    LocationText(TextCursor in, Aliases aliases) {
        this.in = in;
        this.aliases = aliases;
        this.budget = (long) MOST_READINGS * in.length();
    }

    /** Reads {@code loc(…)} if it is next, and gives its name; empty if there is none. */
    String read() throws ProgramException {
        if (!in.takeWord("loc")) {
            return "";
        }
        int from = in.position();
        in.skipBalanced();
        int end = in.position();
        in.moveTo(from);
        in.expect("(");
        String name = in.peek() == '#' ? ofAlias() : find(in.position());
        in.moveTo(end);
        return name;
    }

    private String ofAlias() throws ProgramException {
        String alias = in.suffix("#");
        String name = known.get(alias);
        if (name == null) {
            OptionalInt position = aliases.find(alias);
            name = position.isEmpty() ? "" : find(position.getAsInt());
            known.put(alias, name);
        }
        return name;
    }

    private record Step(int position, boolean isCalled) {}

    /** Searches from the outermost location inwards, a bounded number of steps. Below a call site, names without a slash are Python's. */
    private String find(int outermost) throws ProgramException {
        Deque<Step> open = new ArrayDeque<>();
        open.push(new Step(outermost, false));
        for (int steps = 0; steps < MOST_STEPS && budget > 0 && !open.isEmpty(); steps++) {
            Step step = open.pop();
            in.moveTo(step.position);
            int before = in.position();
            if (in.takeWord("loc")) {
                in.expect("(");
            }
            if (in.peek() == '#') {
                OptionalInt alias = aliases.find(in.suffix("#"));
                alias.ifPresent(position -> open.push(new Step(position, step.isCalled)));
            } else if (in.peek() == '"') {
                String name = in.string();
                boolean isFile = in.peek() == ':';
                if (!isFile && !name.isEmpty() && (!step.isCalled || name.contains("/"))) {
                    return name;
                }
                if (in.take("(")) {
                    open.push(new Step(in.position(), step.isCalled));
                }
            } else if (in.takeWord("callsite")) {
                in.expect("(");
                open.push(new Step(in.position(), true));
            } else if (in.takeWord("fused")) {
                fused(open, step.isCalled);
            }
            budget -= in.position() - before;
        }
        return "";
    }

    private void fused(Deque<Step> open, boolean isCalled) throws ProgramException {
        if (in.peek() == '<') {
            in.skipBalanced();
        }
        in.expect("[");
        for (int i = 0; i < MOST_STEPS && in.peek() != ']'; i++) {
            open.addLast(new Step(in.position(), isCalled));
            while (in.peek() != ',' && in.peek() != ']') {
                in.skipBalanced();
            }
            in.take(",");
        }
    }
}
