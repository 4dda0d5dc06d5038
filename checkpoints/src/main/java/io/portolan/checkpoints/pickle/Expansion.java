package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.ArrayData;
import io.portolan.checkpoints.ElementType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns what the machine built into a finite tree of plain values that cannot change: {@code null}, {@link Boolean},
 * {@link Long}, {@link java.math.BigInteger}, {@link Double}, {@link String}, {@link ArrayData}, {@link List} (of lists,
 * tuples and sets) and {@link Map} in the order of the file. Bytes become uint8 arrays of rank 1; a dtype or global becomes
 * its name. Containers that several places share are written out at each of them, within the budget.
 */
final class Expansion {
    private final Budget budget;
    private final Set<Object> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private long values;

    private Expansion(Budget budget) {
        this.budget = budget;
    }

    static Object of(Object value, Budget budget) throws Malformed {
        return new Expansion(budget).expand(value);
    }

    private Object expand(Object value) throws Malformed {
        Budget.check("values in the tree, shared ones counted at each place,", ++values, budget.values());
        if (value instanceof PythonDict dict) {
            enter(dict);
            Map<Object, Object> map = new LinkedHashMap<>();
            for (Map.Entry<Object, Object> entry : dict.values().entrySet()) {
                map.put(entry.getKey(), expand(entry.getValue()));
            }
            open.remove(dict);
            return Collections.unmodifiableMap(map);
        }
        if (value instanceof PythonList list) {
            return expand(list, list.values());
        }
        if (value instanceof PythonTuple tuple) {
            return expand(tuple, tuple.values());
        }
        return leaf(value);
    }

    private List<Object> expand(Object container, Collection<Object> elements) throws Malformed {
        enter(container);
        List<Object> list = new ArrayList<>();
        for (Object element : elements) {
            list.add(expand(element));
        }
        open.remove(container);
        return Collections.unmodifiableList(list);
    }

    private void enter(Object container) throws Malformed {
        if (!open.add(container)) {
            throw new Malformed(Kind.of(container) + " contains itself", "a tree");
        }
        Budget.check("nested containers", open.size(), budget.nesting());
    }

    private static Object leaf(Object value) throws Malformed {
        if (value instanceof PendingArray pending) {
            return pending.finished();
        }
        if (value instanceof ByteBuffer bytes) {
            return ArrayData.of(ElementType.UINT8, new long[] {bytes.remaining()}, bytes);
        }
        if (value instanceof PendingDType dtype) {
            return dtype.type().label();
        }
        if (value instanceof Global global) {
            return global.name().toString();
        }
        return value;
    }
}
