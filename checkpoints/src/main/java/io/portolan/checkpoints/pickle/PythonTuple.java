package io.portolan.checkpoints.pickle;

import java.util.List;

/** A Python tuple. Like the other containers it has identity equality, because its values may refer back to it. */
final class PythonTuple {
    static final PythonTuple EMPTY = new PythonTuple(List.of());

    private final List<Object> values;

    PythonTuple(List<Object> values) {
        this.values = values;
    }

    List<Object> values() {
        return values;
    }

    int size() {
        return values.size();
    }

    Object get(int index) {
        return values.get(index);
    }

    <T> T get(int index, Class<T> type, String expectation) throws Malformed {
        return ValueTypes.require(type, values.get(index), expectation);
    }

    /** Returns this tuple if it has from {@code least} to {@code most} values. */
    PythonTuple requireSize(int least, int most, String expectation) throws Malformed {
        if (values.size() < least || values.size() > most) {
            throw new Malformed("a tuple of " + values.size() + " values", expectation);
        }
        return this;
    }
}
