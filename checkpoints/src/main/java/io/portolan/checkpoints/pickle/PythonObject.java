package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.values.InertObject;
import java.util.ArrayList;
import java.util.List;

/** An object of a class that is only a name, with the data that it was made of; nothing is executed. */
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

    /**
     * Sets the state: for a record, its fields as a dictionary, or as a pair of dictionaries for a class with slots;
     * for an opaque object, anything.
     */
    @Override
    public void build(Object newState, Meter meter) throws Malformed {
        if (built) {
            throw new Malformed("the record " + type + " has its state already", "one BUILD for each record");
        }
        if (form == InertObject.Form.RECORD && !(newState instanceof PythonDict || newState instanceof PythonTuple)) {
            throw new Malformed(
                    ValueTypes.nameOf(newState) + " is in the wrong place",
                    "a dictionary of fields as state of " + type);
        }
        state = newState;
        built = true;
    }

    /** The object with keyword arguments as a last argument; a known record has none. */
    PythonObject withKeywords(PythonDict keywords) throws Malformed {
        if (form != InertObject.Form.OPAQUE) {
            throw new Malformed("an instance is made with keyword arguments", "arguments by position only");
        }
        List<Object> all = new ArrayList<>(arguments.values());
        all.add(keywords);
        return new PythonObject(form, type, new PythonTuple(all));
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

    /** The list that APPEND adds to; only an opaque object may be a kind of list. */
    PythonList asList() throws Malformed {
        requireOpaque("a list");
        return items;
    }

    /** The dictionary that SETITEM adds to; only an opaque object may be a kind of dictionary. */
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
