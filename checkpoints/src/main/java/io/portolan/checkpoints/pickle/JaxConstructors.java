package io.portolan.checkpoints.pickle;

/** The constructors for JAX's globals. */
final class JaxConstructors {
    private JaxConstructors() {}

    /**
     * {@code _reconstruct_array(function, arguments, state, {'weak_type': …})}: the first three are the reduced form of
     * a numpy array, from which the array is built. Dill's {@code _create_array} has the same ones.
     */
    static Object array(PythonTuple arguments, Meter meter) throws Malformed {
        arguments.requireSize(3, 4, "a function, its arguments, an array's state and jax's own state");
        Global function = arguments.get(0, Global.class, "numpy's _reconstruct");
        if (!NumpyConstructors.isReconstruct(function.name())) {
            throw new Malformed("a jax.Array made by " + function.name(), "numpy's _reconstruct");
        }
        if (arguments.size() == 4 && arguments.get(3) != null) {
            arguments.get(3, PythonDict.class, "jax's own state as a dictionary");
        }
        Object array = function.call(arguments.get(1, PythonTuple.class, "a tuple of arguments"), meter);
        ValueTypes.require(Buildable.class, array, "an array").build(arguments.get(2), meter);
        return array;
    }
}
