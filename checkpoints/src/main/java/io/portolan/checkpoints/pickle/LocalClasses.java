package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.values.InertObject.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Classes that cloudpickle and dill write into the pickle itself, since no module has them. Such a class is the record
 * of the call that would make it. An instance is a record that bears the name of the class, with the class as its first
 * argument, as for Python's {@code __new__}.
 */
final class LocalClasses {
    /** The argument that has the name. */
    private static final int NAME = 1;

    /** The functions that make classes, with the argument that is the module, or a dictionary that has it. */
    private static final Map<String, Integer> MAKERS = Map.of(
            "cloudpickle.cloudpickle._make_skeleton_class", 3,
            "cloudpickle.cloudpickle._make_skeleton_enum", 4,
            "dill._dill._create_type", 3);

    private static final String MODULE = "__module__";
    private static final String DEFAULT_MODULE = "__main__";

    private LocalClasses() {}

    /** What a call of such a class makes, or empty if a value is none. */
    static Optional<Global> of(Object value) {
        if (!(value instanceof PythonObject type)) {
            return Optional.empty();
        }
        Integer module = MAKERS.get(type.type().toString());
        List<Object> arguments = type.arguments().values();
        if (module == null || module >= arguments.size() || !(arguments.get(NAME) instanceof String name)) {
            return Optional.empty();
        }
        return Optional.of(new Global.Name(module(arguments.get(module)), name))
                .filter(UnknownGlobals::isPlain)
                .map(self -> new Global(self, true, (parts, meter) -> instance(self, type, parts)));
    }

    private static PythonObject instance(Global.Name self, PythonObject type, PythonTuple parts) {
        List<Object> arguments = new ArrayList<>(parts.size() + 1);
        arguments.add(type);
        arguments.addAll(parts.values());
        return new PythonObject(Form.OPAQUE, self, new PythonTuple(arguments));
    }

    private static String module(Object argument) {
        Object module = argument instanceof PythonDict fields ? fields.values().get(MODULE) : argument;
        return module instanceof String name ? name : DEFAULT_MODULE;
    }
}
