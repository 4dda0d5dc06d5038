package io.portolan.checkpoints.pickle;

/** The dtype of arrays whose elements are any Python objects. */
final class ObjectDType implements Buildable {
    static final String LABEL = "object";

    /** Takes the state {@code (3, '|', None, …)}, which says nothing about such a type. */
    @Override
    public void build(Object state, Meter meter) throws Malformed {
        ValueTypes.require(PythonTuple.class, state, "a dtype's state")
                .requireSize(8, 9, "the eight fields of a plain dtype's state");
    }
}
