package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Builds an immutable, finite tree of plain values from the machine's result: {@code null}, {@link Boolean},
 * {@link Long}, {@link java.math.BigInteger}, {@link Double}, {@link String}, {@link ArrayData}, {@link List} (of
 * lists and sets), {@link Tuple}, {@link Map} in the order of the file and {@link InertObject}. Bytes become uint8 arrays of
 * rank 1; a dtype or global becomes its name. Shared containers are expanded at each place, within the budget.
 */
final class PlainTreeBuilder {
    private final Budget budget;
    private final Set<Object> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private long values;

    private PlainTreeBuilder(Budget budget) {
        this.budget = budget;
    }

    static Object of(Object value, Budget budget) throws Malformed {
        return new PlainTreeBuilder(budget).expand(value);
    }

    private Object expand(Object value) throws Malformed {
        Budget.check("values in the tree, shared ones counted at each place,", ++values, budget.values());
        if (value instanceof PythonDict dict) {
            return expand(dict);
        }
        if (value instanceof PythonList list) {
            return expand(list, list.values());
        }
        if (value instanceof PythonTuple tuple) {
            return new Tuple(expand(tuple, tuple.values()));
        }
        if (value instanceof PythonObject object) {
            return expand(object);
        }
        if (value instanceof PendingValue pending) {
            return expand(pending);
        }
        return leaf(value);
    }

    private Map<Object, Object> expand(PythonDict dict) throws Malformed {
        enter(dict);
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Map.Entry<Object, Object> entry : dict.values().entrySet()) {
            map.put(expand(entry.getKey()), expand(entry.getValue()));
        }
        open.remove(dict);
        return Collections.unmodifiableMap(map);
    }

    private InertObject expand(PythonObject object) throws Malformed {
        enter(object);
        InertObject inert = new InertObject(
                object.form(),
                object.type().module(),
                object.type().name(),
                expand(object.arguments(), object.arguments().values()),
                expand(object.state()),
                expand(object.items(), object.items().values()),
                expand(object.entries()));
        open.remove(object);
        return inert;
    }

    private Object expand(PendingValue pending) throws Malformed {
        Object finished = pending.finished();
        if (finished instanceof ArrayData) {
            return finished;
        }
        enter(pending);
        Object expanded = expand(finished);
        open.remove(pending);
        return expanded;
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
            throw new Malformed(ValueTypes.nameOf(container) + " contains itself", "a tree");
        }
        Budget.check("nested containers", open.size(), budget.nesting());
    }

    private static Object leaf(Object value) throws Malformed {
        if (value instanceof ByteRegion bytes) {
            return ArrayData.of(ElementType.UINT8, new long[] {bytes.size()}, bytes);
        }
        if (value instanceof PendingDType dtype) {
            return dtype.type().label();
        }
        if (value instanceof ObjectDType) {
            return ObjectDType.LABEL;
        }
        if (value instanceof ByteString string) {
            return string.text();
        }
        if (value instanceof Global global) {
            return global.opaque() ? reference(global.name()) : global.name().toString();
        }
        return value;
    }

    private static InertObject reference(Global.Name name) {
        return new InertObject(
                InertObject.Form.REFERENCE, name.module(), name.name(), List.of(), null, List.of(), Map.of());
    }
}
