package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.numpy.DType;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.Quotation;

/** A dtype whose byte order is set by BUILD. */
final class PendingDType implements Buildable {
    private static final int STATE_VERSION = 3;

    /** The version with one field more: remarks about the type, which mean nothing to numpy. */
    private static final int ANNOTATED_VERSION = 4;

    private static final int FIELDS = 8;

    private final ElementType type;
    private DType dtype;

    PendingDType(ElementType type) {
        this.type = type;
    }

    /**
     * Takes {@code (3, order, None, None, None, size, alignment, flags)}, or version 4 with remarks at the end, which are
     * left out.
     */
    @Override
    public void build(Object state, Meter meter) throws Malformed {
        if (dtype != null) {
            throw new Malformed("the dtype has its byte order already", "one BUILD for each dtype");
        }
        PythonTuple fields = ValueTypes.require(PythonTuple.class, state, "a dtype's state")
                .requireSize(FIELDS, FIELDS + 1, "the eight fields of a plain dtype's state, perhaps with remarks");
        int version = fields.size() == FIELDS ? STATE_VERSION : ANNOTATED_VERSION;
        if (fields.get(0, Long.class, "the version of a dtype's state") != version) {
            throw new Malformed("version " + fields.get(0) + " of a dtype's state", "version " + version);
        }
        if (fields.get(2) != null || fields.get(3) != null || fields.get(4) != null) {
            throw new Malformed("a dtype with fields or a shape of its own", "a plain number type");
        }
        String order = fields.get(1, String.class, "a byte order");
        dtype = DType.of(type, order)
                .orElseThrow(
                        () -> new Malformed("byte order " + Quotation.of(order) + " of " + type.label(), "'<' or '>'"));
    }

    DType finished() throws Malformed {
        if (dtype == null) {
            throw new Malformed("a dtype without byte order is used", "a BUILD of the dtype before its use");
        }
        return dtype;
    }

    ElementType type() {
        return type;
    }
}
