package io.portolan.checkpoints.pickle;

/** The constructors for joblib's globals. */
final class JoblibConstructors {
    private JoblibConstructors() {}

    static Object array(PythonTuple arguments, Meter meter) throws Malformed {
        arguments.requireSize(0, 0, "no arguments: BUILD sets the fields");
        return new JoblibArray();
    }

    /** Refuses an array whose elements stand in a file beside this one, as joblib before version 0.10 wrote them. */
    static Object arrayInOtherFile(PythonTuple arguments, Meter meter) throws Malformed {
        throw new Malformed(
                "an array that an old joblib stored in a file of its own",
                "arrays within this file; load it in Python with joblib.load, and save it with joblib.dump again");
    }
}
