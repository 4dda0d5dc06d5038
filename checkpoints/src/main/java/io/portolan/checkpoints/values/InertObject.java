package io.portolan.checkpoints.values;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An object of a Python class, kept as the data it was made of. The class is a name and nothing more: it is never looked
 * up, and what the object would do in Python does not happen.
 *
 * @param form how much is known of the class
 * @param module the class's module, such as {@code optax._src.transform}
 * @param name the class's name within it, such as {@code ScaleByAdamState}
 * @param arguments what the class would be called with: for a named tuple its fields in order
 * @param state what would be set on the object afterwards, for a dataclass a map from field to value; {@code null} without
 * @param items elements that would be appended, where the class is a list of its own kind
 * @param entries items that would be set, where the class is a dictionary of its own kind
 */
public record InertObject(
        Form form,
        String module,
        String name,
        List<Object> arguments,
        Object state,
        List<Object> items,
        Map<Object, Object> entries) {

    /** What an object's class is to the reader. */
    public enum Form {
        /** A named tuple or dataclass of a library whose records are known to be plain data. */
        RECORD,
        /** A call of something unknown, which only the lenient reader keeps. */
        OPAQUE,
        /** Something unknown that is named and not called; only the lenient reader keeps it. */
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

    /** This object with another state. */
    public InertObject withState(Object other) {
        return new InertObject(form, module, name, arguments, other, items, entries);
    }

    /** This object with other arguments. */
    public InertObject withArguments(List<?> others) {
        return new InertObject(form, module, name, Collections.unmodifiableList(others), state, items, entries);
    }
}
