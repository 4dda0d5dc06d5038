package io.portolan.checkpoints.pickle;

import java.util.ArrayList;
import java.util.List;

/** A Python list, or a set in the order of the file. */
final class PythonList {
    private final List<Object> values;

    PythonList() {
        this(new ArrayList<>());
    }

    PythonList(List<Object> values) {
        this.values = values;
    }

    void add(Object value) {
        values.add(value);
    }

    List<Object> values() {
        return values;
    }
}
