package io.portolan.checkpoints.pickle;

import java.util.Iterator;
import java.util.List;

/** Arrays of Python objects, as nested lists; an array without axes is its only element. */
final class ObjectArrays {
    private ObjectArrays() {}

    /**
     * Arranges the elements, which a pickle lists row by row even if the array is in Fortran order.
     *
     * @throws Malformed if the shape does not account for every element
     */
    static Object of(long[] shape, List<Object> elements, Meter meter) throws Malformed {
        long most = elements.size() + 1L;
        long count = 1;
        long lists = 0;
        for (long size : shape) {
            lists += count;
            // Cut off, so that the product cannot overflow.
            count = Math.min(most, count * Math.min(size, most));
        }
        if (count != elements.size()) {
            throw new Malformed(
                    elements.size() + " objects in an array", "a shape that accounts for every one of them");
        }
        meter.place(count + lists);
        return shape.length == 0
                ? elements.get(0)
                : rows(shape, count == 0 ? shape.length - 1 : 0, elements.iterator());
    }

    /** The nested lists from an axis on; an array without elements is one empty list, whatever its other axes. */
    private static PythonList rows(long[] shape, int axis, Iterator<Object> elements) {
        PythonList rows = new PythonList();
        for (long i = 0; i < shape[axis] && elements.hasNext(); i++) {
            rows.add(axis == shape.length - 1 ? elements.next() : rows(shape, axis + 1, elements));
        }
        return rows;
    }
}
