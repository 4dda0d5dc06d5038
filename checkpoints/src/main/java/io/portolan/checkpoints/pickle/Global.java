package io.portolan.checkpoints.pickle;

/**
 * A function or class that a pickle may name, and what this reader does when the pickle calls it.
 *
 * @param name its name in the pickle
 * @param opaque whether only its name is known
 * @param constructor makes inert data from call arguments
 */
record Global(Name name, boolean opaque, Constructor constructor) {

    /** A name within a module. */
    record Name(String module, String name) {
        @Override
        public String toString() {
            return module + "." + name;
        }
    }

    interface Constructor {
        Object construct(PythonTuple arguments, Meter meter) throws Malformed;
    }

    Object call(PythonTuple arguments, Meter meter) throws Malformed {
        return constructor.construct(arguments, meter);
    }
}
