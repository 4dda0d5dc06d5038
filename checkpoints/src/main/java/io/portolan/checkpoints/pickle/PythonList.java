package io.portolan.checkpoints.pickle;

import java.util.ArrayList;
import java.util.List;

/** A list, or a set in the order of the file. */
final class PythonList {
    private final List<Object> values = new ArrayList<>();

    void add(Object value) {
        values.add(value);
    }

    List<Object> values() {
        return values;
    }
}
