package io.portolan.checkpoints.pickle;

import java.util.ArrayList;
import java.util.List;

/** The operand stack, with marks below which no instruction can reach. */
final class OperandStack {
    private final List<Object> values = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final int limit;

    OperandStack(Budget budget) {
        this.limit = budget.stack();
    }

    void push(Object value) throws Malformed {
        requireRoom();
        values.add(value);
    }

    void mark() throws Malformed {
        requireRoom();
        marks.add(values.size());
    }

    Object peek() throws Malformed {
        if (values.size() == floor()) {
            throw new Malformed(
                    marks.isEmpty() ? "the stack is empty" : "no value lies above the mark", "a value on the stack");
        }
        return values.get(values.size() - 1);
    }

    Object pop() throws Malformed {
        Object top = peek();
        values.remove(values.size() - 1);
        return top;
    }

    /** Removes the topmost value or mark. */
    void discard() throws Malformed {
        if (!marks.isEmpty() && values.size() == floor()) {
            marks.remove(marks.size() - 1);
        } else {
            pop();
        }
    }

    /** Removes and returns the values above the topmost mark, in the order they were pushed, and removes the mark. */
    List<Object> popToMark() throws Malformed {
        if (marks.isEmpty()) {
            throw new Malformed("no mark is on the stack", "a MARK before it");
        }
        return pop(values.size() - marks.remove(marks.size() - 1));
    }

    /** Removes and returns the topmost values, in the order they were pushed. */
    List<Object> pop(int count) throws Malformed {
        if (values.size() - floor() < count) {
            throw new Malformed(values.size() - floor() + " values are on the stack", "at least " + count);
        }
        List<Object> top = values.subList(values.size() - count, values.size());
        List<Object> popped = new ArrayList<>(top);
        top.clear();
        return popped;
    }

    boolean isEmpty() {
        return values.isEmpty() && marks.isEmpty();
    }

    private int floor() {
        return marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    }

    private void requireRoom() throws Malformed {
        Budget.check("values on the stack", values.size() + marks.size() + 1L, limit);
    }
}
