package io.portolan.checkpoints.pickle;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The closed table of globals: whatever is not in it is refused where the pickle names it. */
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
        registerData(NumpyConstructors.BFLOAT16);

        register("flax.core.frozen_dict", "FrozenDict", PlainConstructors::frozenDict);
        register("collections", "OrderedDict", PlainConstructors::orderedDict);
        // Protocol 2 has no bytes of its own: it encodes text, and calls the type where there is nothing to encode.
        register("_codecs", "encode", PlainConstructors::encode);
        register("__builtin__", "bytes", PlainConstructors::emptyBytes);
    }

    private Globals() {
    }

    static Optional<Global> find(Global.Name name) {
        return Optional.ofNullable(TABLE.get(name));
    }

    private static void register(String module, String name, Global.Constructor constructor) {
        Global.Name key = new Global.Name(module, name);
        TABLE.put(key, new Global(key, constructor));
    }

    /** A global that is only ever an argument of another. */
    private static void registerData(Global.Name key) {
        TABLE.put(key, new Global(key, (arguments, meter) -> {
            throw new Malformed(key + " is called", "it as an argument only");
        }));
    }
}
