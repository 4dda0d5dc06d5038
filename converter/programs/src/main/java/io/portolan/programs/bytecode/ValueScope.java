package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The numbered values that an operation can refer to. A region reserves a range of numbers when it begins and gives it back when it
 * ends, so that regions side by side use the same numbers and a nested one sees those around it.
 */
final class ValueScope {
    private final List<Value> values = new ArrayList<>();

    /** The range of an open region. */
    static final class Range {
        private final int first;
        private final int end;
        private int next;

        private Range(int first, int count) {
            this.first = first;
            this.next = first;
            this.end = first + count;
        }

        /** How many of its values are not defined yet. */
        int missing() {
            return end - next;
        }
    }

    /** Reserves numbers; the caller has checked that the file can define so many values. */
    Range reserve(int count) {
        Range range = new Range(values.size(), count);
        values.addAll(Collections.nCopies(count, null));
        return range;
    }

    /** Gives the numbers back. */
    void release(Range range) {
        values.subList(range.first, values.size()).clear();
    }

    /** Defines the next value of a region. */
    void define(Range range, Value value, ByteCursor in) throws ProgramException {
        if (range.next == range.end) {
            throw in.fault("a region defines more values than it declares");
        }
        values.set(range.next++, value);
    }

    /** Reads the number of a value. */
    Value read(ByteCursor in) throws ProgramException {
        int index = in.index(values.size(), "value");
        Value value = values.get(index);
        if (value == null) {
            throw in.fault("value " + index + " is used before it is defined");
        }
        return value;
    }
}
