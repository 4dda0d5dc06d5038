package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Type;

/**
 * The attributes and types of the file, each decoded when it is first used and kept. Entries that refer to themselves, that nest deeper
 * than {@value #DEEPEST}, or that would be huge if they were written out are rejected.
 */
final class Pool {
    static final int DEEPEST = 512;
    private static final long LEAST_LIMIT = 1 << 20;
    private static final Object OPEN = new Object();

    private final Kept attributes;
    private final Kept types;
    private final StringTable strings;
    private final AttributeDecoder attributeDecoder = new AttributeDecoder(this);
    private final TypeDecoder typeDecoder = new TypeDecoder(this);
    private final long limit;
    private int depth;
    private long weight;

    /** Entries with what has been decoded of them, and how much that is when written out. */
    private static final class Kept {
        private final EntryTable table;
        private final Object[] decoded;
        private final long[] weights;

        Kept(EntryTable table) {
            this.table = table;
            this.decoded = new Object[table.size()];
            this.weights = new long[table.size()];
        }
    }

    private interface Decoding {
        Object decode(String dialect, ByteCursor in) throws ProgramException;
    }

    /** The limit of a written-out entry is the size of the file, or a million if that is more. */
    Pool(EntryTable.Pair tables, StringTable strings, long fileSize) {
        this.attributes = new Kept(tables.attributes());
        this.types = new Kept(tables.types());
        this.strings = strings;
        this.limit = Math.max(LEAST_LIMIT, fileSize);
    }

    int attributeCount() {
        return attributes.decoded.length;
    }

    int typeCount() {
        return types.decoded.length;
    }

    StringTable strings() {
        return strings;
    }

    /** The entry of an attribute as bytes, for those that are decoded elsewhere. */
    EntryTable attributeEntries() {
        return attributes.table;
    }

    /** Counts what is decoded beyond the entry itself. */
    void addWeight(long more) {
        weight += more;
    }

    Attribute attribute(int index) throws ProgramException {
        return (Attribute) get(attributes, index, this::decodeAttribute);
    }

    TypeEntry type(int index) throws ProgramException {
        return (TypeEntry) get(types, index, this::decodeType);
    }

    /** The type of a value. */
    Type valueType(int index) throws ProgramException {
        TypeEntry type = type(index);
        if (type instanceof TypeEntry.OfValue value) {
            return value.type();
        }
        throw types.table.entry(index).fault("the type of a value is " + words(type) + ", expected a tensor");
    }

    /** The type of elements. */
    ElementType element(int index) throws ProgramException {
        TypeEntry type = type(index);
        if (type instanceof TypeEntry.OfElement element) {
            return element.element();
        }
        throw types.table.entry(index).fault("the type of elements is " + words(type) + ", expected that of numbers");
    }

    private static String words(TypeEntry type) {
        if (type instanceof TypeEntry.Unread unread) {
            return unread.what();
        }
        if (type instanceof TypeEntry.OfElement element) {
            return "the bare type " + element.element();
        }
        return type instanceof TypeEntry.None ? "none" : "that of a value";
    }

    private Object decodeAttribute(String dialect, ByteCursor in) throws ProgramException {
        return switch (dialect) {
            case "builtin" -> attributeDecoder.builtin(in);
            case "vhlo" -> attributeDecoder.vhlo(in);
            default -> new Attribute.Opaque("an attribute of the dialect " + dialect);
        };
    }

    private Object decodeType(String dialect, ByteCursor in) throws ProgramException {
        return switch (dialect) {
            case "builtin" -> typeDecoder.builtin(in);
            case "vhlo" -> typeDecoder.vhlo(in);
            default -> new TypeEntry.Unread("a type of the dialect " + dialect);
        };
    }

    private Object get(Kept kept, int index, Decoding decoding) throws ProgramException {
        Object known = kept.decoded[index];
        ByteCursor in = kept.table.entry(index);
        if (depth == 0) {
            weight = 0;
        }
        if (known == OPEN) {
            throw in.fault("an attribute or type refers to itself");
        }
        if (known == null) {
            if (++depth > DEEPEST) {
                throw in.fault("attributes and types nest deeper than " + DEEPEST);
            }
            kept.decoded[index] = OPEN;
            long outer = weight;
            weight = 1;
            known = decode(kept.table, index, in, decoding);
            kept.weights[index] = weight;
            kept.decoded[index] = known;
            weight = outer;
            depth--;
        }
        weight += kept.weights[index];
        if (weight > limit) {
            throw in.fault("an attribute or type has more than " + limit + " parts");
        }
        return known;
    }

    private static Object decode(EntryTable table, int index, ByteCursor in, Decoding decoding)
            throws ProgramException {
        if (table.isText(index)) {
            return decoding.decode(table.dialect(index) + ", as text", in);
        }
        Object decoded = decoding.decode(table.dialect(index), in);
        if (!(decoded instanceof Attribute.Opaque) && !(decoded instanceof TypeEntry.Unread)) {
            in.requireEnd("an attribute or type");
        }
        return decoded;
    }
}
