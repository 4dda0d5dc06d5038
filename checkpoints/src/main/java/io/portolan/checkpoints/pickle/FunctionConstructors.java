package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.values.InertObject.Form;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The constructors for globals that stand for functions: what a training state keeps as {@code apply_fn} and the like.
 * They are as inert as any record, but their arguments are checked, since attacks use the same names for more.
 */
final class FunctionConstructors {
    private static final Pattern PUBLIC = Pattern.compile("[A-Za-z]\\w*");

    /** The values of Python that a pickle names instead of making them. */
    private static final Set<String> SINGLETONS = Set.of("Ellipsis", "NotImplemented");

    private FunctionConstructors() {}

    /** {@code getattr(object, 'name')}: a method bound to an object, or a member of an enumeration. */
    static Global.Constructor attribute(Global.Name self) {
        return (arguments, meter) -> {
            if (arguments.size() != 2
                    || !isOpaque(arguments.get(0))
                    || !(arguments.get(1) instanceof String attribute)
                    || !PUBLIC.matcher(attribute).matches()) {
                throw UnknownGlobals.refused(self, "it is for methods of records only");
            }
            return new PythonObject(Form.OPAQUE, self, arguments);
        };
    }

    /** {@code partial(function)}, whose arguments follow as its state. */
    static Global.Constructor partial(Global.Name self) {
        return (arguments, meter) -> {
            if (arguments.size() == 0
                    || !(arguments.get(0) instanceof Global || arguments.get(0) instanceof PythonObject)) {
                throw UnknownGlobals.refused(self, "it is for functions only");
            }
            return new PythonObject(Form.OPAQUE, self, arguments);
        };
    }

    /** {@code getitem(typing.Optional, int)}: the type of a field, such as {@code Optional[int]}. */
    static Global.Constructor subscript(Global.Name self) {
        return (arguments, meter) -> {
            if (arguments.size() != 2
                    || !(arguments.get(0) instanceof Global type)
                    || !UnknownGlobals.NOTATIONS.contains(type.name().module())
                            && !UnknownGlobals.BUILTINS.contains(type.name().module())) {
                throw UnknownGlobals.refused(self, "it is for types only");
            }
            return new PythonObject(Form.OPAQUE, self, arguments);
        };
    }

    /** {@code type(None)}: the type of a value that has no other name. Anything else that {@code type} does is refused. */
    static Global.Constructor typeOf(Global.Name self) {
        return (arguments, meter) -> {
            if (arguments.size() != 1 || !isSingleton(arguments.get(0))) {
                throw UnknownGlobals.refused(self, "it is for the types of None, Ellipsis and NotImplemented only");
            }
            return new PythonObject(Form.OPAQUE, self, arguments);
        };
    }

    /**
     * {@code _builtin_type('CodeType')}: one of the types that cloudpickle and dill make functions with. Their calls are
     * records.
     */
    static Object type(PythonTuple arguments, Meter meter) throws Malformed {
        Global.Name name = new Global.Name(
                "types", arguments.requireSize(1, 1, "the name of a type").get(0, String.class, "the name of a type"));
        return new Global(name, true, (parts, counter) -> new PythonObject(Form.OPAQUE, name, parts));
    }

    private static boolean isSingleton(Object value) {
        return value == null
                || value instanceof Global global
                        && UnknownGlobals.BUILTINS.contains(global.name().module())
                        && SINGLETONS.contains(global.name().name());
    }

    private static boolean isOpaque(Object value) {
        return value instanceof PythonObject || value instanceof Global global && global.opaque();
    }
}
