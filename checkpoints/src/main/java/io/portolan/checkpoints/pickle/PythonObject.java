package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.values.InertObject;

/** An object of a class that is only a name: what it was made of, gathered and never acted upon. */
final class PythonObject implements Buildable {
    private final InertObject.Form form;
    private final Global.Name type;
    private final PythonTuple arguments;
    private final PythonList items = new PythonList();
    private final PythonDict entries = new PythonDict();
    private Object state;
    private boolean built;

    PythonObject(InertObject.Form form, Global.Name type, PythonTuple arguments) {
        this.form = form;
        this.type = type;
        this.arguments = arguments;
    }

    /** Takes a record's fields as a dictionary, or as the pair of them that a class with slots has; for an opaque object anything. */
    @Override
    public void build(Object newState, Meter meter) throws Malformed {
        if (built) {
            throw new Malformed("the record " + type + " has its state already", "one BUILD for each record");
        }
        if (form == InertObject.Form.RECORD && !(newState instanceof PythonDict || newState instanceof PythonTuple)) {
            throw new Malformed(
                    Kind.of(newState) + " is in the wrong place", "a dictionary of fields as state of " + type);
        }
        state = newState;
        built = true;
    }

    InertObject.Form form() {
        return form;
    }

    Global.Name type() {
        return type;
    }

    PythonTuple arguments() {
        return arguments;
    }

    Object state() {
        return state;
    }

    PythonList items() {
        return items;
    }

    PythonDict entries() {
        return entries;
    }

    /** What APPEND adds to: only an opaque object may be a list of its own kind. */
    PythonList asList() throws Malformed {
        requireOpaque("a list");
        return items;
    }

    /** What SETITEM adds to: only an opaque object may be a dictionary of its own kind. */
    PythonDict asDict() throws Malformed {
        requireOpaque("a dictionary");
        return entries;
    }

    private void requireOpaque(String kind) throws Malformed {
        if (form != InertObject.Form.OPAQUE) {
            throw new Malformed("a record is in the wrong place", kind + " below it");
        }
    }
}
