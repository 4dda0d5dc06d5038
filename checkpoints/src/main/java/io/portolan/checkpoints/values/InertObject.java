package io.portolan.checkpoints.values;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An object of a Python class, represented by the data that it was made of. The class is only a name: it is never
 * looked up, and nothing that the object would do in Python is executed.
 *
 * @param form the kind of the object
 * @param module the class's module, such as {@code optax._src.transform}
 * @param name the class's name within it, such as {@code ScaleByAdamState}
 * @param arguments the arguments of the constructor call, the last of them a map if there are keyword arguments; for a
 *     named tuple, its fields in order
 * @param state the state to be set on the object; for a dataclass, a map from field to value; {@code null} if there is
 *     none
 * @param items elements to be appended, if the class is a kind of list
 * @param entries items to be set, if the class is a kind of dictionary
 */
public record InertObject(
        Form form,
        String module,
        String name,
        List<Object> arguments,
        Object state,
        List<Object> items,
        Map<Object, Object> entries) {

    /** The kinds of inert objects. */
    public enum Form {
        /** A named tuple or dataclass that is known to be plain data. */
        RECORD,
        /** An object of any other class, or the call of a function. */
        OPAQUE,
        /** A reference to a class or function. */
        REFERENCE
    }

    public InertObject {
        Objects.requireNonNull(form);
        Objects.requireNonNull(module);
        Objects.requireNonNull(name);
        Objects.requireNonNull(arguments);
        Objects.requireNonNull(items);
        Objects.requireNonNull(entries);
    }

    /** Module and name joined by a dot. */
    public String qualifiedName() {
        return module + "." + name;
    }

    /** A copy with another state. */
    public InertObject withState(Object other) {
        return new InertObject(form, module, name, arguments, other, items, entries);
    }

    /** A copy with other arguments. */
    public InertObject withArguments(List<?> others) {
        return new InertObject(form, module, name, Collections.unmodifiableList(others), state, items, entries);
    }

    /** A copy with other elements. */
    public InertObject withItems(List<?> others) {
        return new InertObject(form, module, name, arguments, state, Collections.unmodifiableList(others), entries);
    }

    /** A copy with other items of a dictionary. */
    public InertObject withEntries(Map<?, ?> others) {
        return new InertObject(form, module, name, arguments, state, items, Collections.unmodifiableMap(others));
    }
}
