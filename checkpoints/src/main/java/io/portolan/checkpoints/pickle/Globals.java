package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.InertObject.Form;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The closed table of globals with a constructor of their own. Objects of {@link RecordTypes} and {@link UnknownGlobals}
 * become records.
 */
final class Globals {
    private static final Map<Global.Name, Global> TABLE = new HashMap<>();

    static {
        // numpy 2 moved numpy.core to numpy._core.
        for (String core : List.of("numpy._core", "numpy.core")) {
            register(core + ".multiarray", "_reconstruct", NumpyConstructors::reconstruct);
            register(core + ".multiarray", "scalar", NumpyConstructors::scalar);
            register(core + ".numeric", "_frombuffer", NumpyConstructors::fromBuffer);
        }
        register("numpy", "dtype", NumpyConstructors::dtype);
        registerData(NumpyConstructors.NDARRAY);
        for (ElementType type : ElementType.values()) {
            registerData(new Global.Name(type.isExtension() ? "ml_dtypes" : "numpy", type.label()));
        }
        registerData(new Global.Name("numpy", "bool_"));

        // The modules in which numpy defined them are the names of old versions.
        for (String module : List.of("numpy", "numpy.core.memmap")) {
            registerData(new Global.Name(module, "memmap"));
        }
        for (String module : List.of("numpy", "numpy.matrixlib.defmatrix")) {
            registerData(new Global.Name(module, "matrix"));
        }

        for (String module : List.of("numpy.rec", "numpy.core.records", "numpy")) {
            Global.Name records = new Global.Name(module, "recarray");
            registerOpaque(records, (arguments, meter) -> new PythonObject(Form.OPAQUE, records, arguments));
        }

        register("joblib.numpy_pickle", "NumpyArrayWrapper", JoblibConstructors::array);
        for (String module : List.of("joblib.numpy_pickle", "joblib.numpy_pickle_compat")) {
            register(module, "NDArrayWrapper", JoblibConstructors::arrayInOtherFile);
            register(module, "ZNDArrayWrapper", JoblibConstructors::arrayInOtherFile);
        }

        register("jax._src.array", "_reconstruct_array", JaxConstructors::array);
        register("jax._src.device_array", "reconstruct_device_array", JaxConstructors::array);
        register("jax.interpreters.xla", "reconstruct_device_array", JaxConstructors::array);
        registerData(new Global.Name("jax._src.array", "ArrayImpl"));
        for (ElementType type : ElementType.values()) {
            registerData(new Global.Name("jax.numpy", type.label()));
        }
        register("dill._dill", "_create_array", JaxConstructors::array);
        register("evosax.learned_evolution.les_tools", "_restore_array", NumpyConstructors::restore);
        register("flax.core.frozen_dict", "FrozenDict", PlainConstructors::frozenDict);
        for (String name : List.of("FlatMapping", "FlatMap")) {
            register("haiku._src.data_structures", name, PlainConstructors::frozenDict);
        }

        register("collections", "OrderedDict", PlainConstructors::orderedDict);
        register("collections", "defaultdict", PlainConstructors::defaultDict);
        register("collections", "deque", PlainConstructors::deque);
        // Protocol 2 has no bytes: it encodes text, or calls the type for empty bytes.
        register("_codecs", "encode", PlainConstructors::encode);
        register("__builtin__", "bytes", PlainConstructors::emptyBytes);
        // Protocols below 3 use Python 2's name of the module.
        for (String builtins : List.of("builtins", "__builtin__")) {
            register(builtins, "set", PlainConstructors::set);
            register(builtins, "frozenset", PlainConstructors::set);
            register(builtins, "bytearray", PlainConstructors::byteArray);
            register(builtins, "complex", PlainConstructors::complex);
            Global.Name attribute = new Global.Name(builtins, "getattr");
            register(attribute.module(), attribute.name(), FunctionConstructors.attribute(attribute));
            Global.Name typeOf = new Global.Name(builtins, "type");
            registerOpaque(typeOf, FunctionConstructors.typeOf(typeOf));
            for (String type :
                    List.of("bool", "dict", "float", "int", "list", "long", "object", "str", "tuple", "unicode")) {
                registerData(new Global.Name(builtins, type));
            }
        }
        for (String operator : List.of("operator", "_operator")) {
            Global.Name subscript = new Global.Name(operator, "getitem");
            register(operator, subscript.name(), FunctionConstructors.subscript(subscript));
        }
        Global.Name partial = new Global.Name("functools", "partial");
        register(partial.module(), partial.name(), FunctionConstructors.partial(partial));
        register("cloudpickle.cloudpickle", "_builtin_type", FunctionConstructors::type);
        register("dill._dill", "_load_type", FunctionConstructors::type);
        // Protocols 0 and 1 have no NEWOBJ and create records with this function.
        register("copyreg", "_reconstructor", PlainConstructors::record);
        register("copy_reg", "_reconstructor", PlainConstructors::record);
    }

    private Globals() {}

    /**
     * What a name in a pickle stands for.
     *
     * @throws Malformed if a pickle may not name it
     */
    static Global find(Global.Name name) throws Malformed {
        Global known = TABLE.get(name);
        if (known != null) {
            return known;
        }
        return RecordTypes.contains(name)
                ? new Global(name, false, (arguments, meter) -> new PythonObject(Form.RECORD, name, arguments))
                : UnknownGlobals.of(name);
    }

    private static void register(String module, String name, Global.Constructor constructor) {
        Global.Name key = new Global.Name(module, name);
        TABLE.put(key, new Global(key, false, constructor));
    }

    /** Registers a global that stays a reference where it is not called. */
    private static void registerOpaque(Global.Name key, Global.Constructor constructor) {
        TABLE.put(key, new Global(key, true, constructor));
    }

    /** Registers a global that is only used as an argument of another. */
    private static void registerData(Global.Name key) {
        register(key.module(), key.name(), (arguments, meter) -> {
            throw new Malformed(key + " is called", "it as an argument only");
        });
    }
}
