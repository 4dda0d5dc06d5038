package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Quotation;
import io.portolan.programs.stablehlo.TensorType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decodes the attributes of the dialects {@code builtin} and {@code vhlo}; what no operation computes with stays opaque. */
final class AttributeDecoder {
    /** The attribute that says that there is no type. */
    static final Attribute NO_TYPE = new Attribute.Opaque("no type");

    private static final Map<Integer, List<String>> KEYWORDS = Map.of(
            3, List.of("EQ", "NE", "GE", "GT", "LE", "LT"),
            4, List.of("NOTYPE", "FLOAT", "TOTALORDER", "SIGNED", "UNSIGNED"),
            5, List.of("UNSPECIFIED", "ORIGINAL", "STATUS_RETURNING", "STATUS_RETURNING_UNIFIED", "TYPED_FFI"),
            7, List.of("FFT", "IFFT", "RFFT", "IRFFT"),
            11, List.of("DEFAULT", "HIGH", "HIGHEST"),
            12, List.of("DEFAULT", "THREE_FRY", "PHILOX"),
            13, List.of("INVALID", "UNIFORM", "NORMAL"),
            16, List.of("TRANSPOSE_INVALID", "NO_TRANSPOSE", "TRANSPOSE", "ADJOINT"),
            19, List.of("DEFAULT", "HIGHEST", "TOLERANCE"));

    private static final Map<Integer, String> VHLO_OPAQUE = Map.of(
            18, "bounds of sizes",
            20, "an accuracy",
            21, "a part of an axis of devices",
            22, "an axis of devices",
            23, "groups of axes of devices",
            24, "an axis of a mesh of devices",
            25, "a mesh of devices");

    private static final Map<Integer, String> BUILTIN_OPAQUE = Map.of(
            5, "a nested symbol",
            10, "a location",
            11, "a location",
            12, "a location",
            13, "a location",
            14, "a location",
            15, "a location",
            16, "elements in a resource",
            19, "elements that are texts",
            22, "a location");

    private static final Map<Integer, String> BUILTIN_MORE_OPAQUE =
            Map.of(20, "elements of a sparse tensor", 21, "a distinct attribute");

    private final Pool pool;

    AttributeDecoder(Pool pool) {
        this.pool = pool;
    }

    Attribute builtin(ByteCursor in) throws ProgramException {
        int code = in.index(Integer.MAX_VALUE, "attribute code");
        if (BUILTIN_OPAQUE.containsKey(code)) {
            return new Attribute.Opaque(BUILTIN_OPAQUE.get(code));
        }
        if (BUILTIN_MORE_OPAQUE.containsKey(code)) {
            return new Attribute.Opaque(BUILTIN_MORE_OPAQUE.get(code));
        }
        return switch (code) {
            case 0 -> items(in);
            case 1 -> entries(in);
            case 2 -> text(in);
            case 3 -> typedText(in);
            case 4 -> new Attribute.Symbol(textOf(in));
            case 6 -> type(in);
            case 7 -> new Attribute.Unit();
            case 8 -> integer(in);
            case 9 -> real(in);
            case 17 -> array(in);
            case 18 -> tensor(in);
            default ->
                throw in.fault("attribute code " + code + " of the dialect builtin is unknown, expected 0 to 22");
        };
    }

    Attribute vhlo(ByteCursor in) throws ProgramException {
        int code = in.index(Integer.MAX_VALUE, "attribute code");
        if (KEYWORDS.containsKey(code)) {
            List<String> words = KEYWORDS.get(code);
            return new Attribute.Keyword(words.get(in.index(words.size(), "word")));
        }
        if (VHLO_OPAQUE.containsKey(code)) {
            return new Attribute.Opaque(VHLO_OPAQUE.get(code));
        }
        return switch (code) {
            case 1 -> items(in);
            case 2 -> new Attribute.Bool(in.index(2, "truth value") == 1);
            case 6 -> entries(in);
            case 8 -> real(in);
            case 9 -> integer(in);
            case 10 -> alias(in);
            case 14 -> text(in);
            case 15 -> tensor(in);
            case 17 -> type(in);
            default -> throw in.fault("attribute code " + code + " of VHLO is unknown, expected 1 to 25");
        };
    }

    private int attributeIndex(ByteCursor in) throws ProgramException {
        return in.index(pool.attributeCount(), "attribute");
    }

    private Attribute items(ByteCursor in) throws ProgramException {
        int count = in.count("items of a list");
        List<Attribute> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(pool.attribute(attributeIndex(in)));
        }
        return new Attribute.Items(items);
    }

    private Attribute entries(ByteCursor in) throws ProgramException {
        int count = in.count("entries of a dictionary");
        Map<String, Attribute> entries = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = textOf(in);
            if (entries.put(name, pool.attribute(attributeIndex(in))) != null) {
                throw in.fault("a dictionary has " + Quotation.of(name) + " twice");
            }
        }
        return new Attribute.Entries(entries);
    }

    private String textOf(ByteCursor in) throws ProgramException {
        if (pool.attribute(attributeIndex(in)) instanceof Attribute.Text text) {
            return text.value();
        }
        throw in.fault("a name is not a text");
    }

    private Attribute text(ByteCursor in) throws ProgramException {
        String text = pool.strings().read(in, "string");
        pool.addWeight(text.length());
        return new Attribute.Text(text);
    }

    private Attribute typedText(ByteCursor in) throws ProgramException {
        Attribute text = text(in);
        in.index(pool.typeCount(), "type");
        return text;
    }

    private Attribute type(ByteCursor in) throws ProgramException {
        TypeEntry type = pool.type(in.index(pool.typeCount(), "type"));
        if (type instanceof TypeEntry.OfValue value) {
            return new Attribute.OfType(value.type());
        }
        if (type instanceof TypeEntry.OfElement element) {
            return new Attribute.OfType(TensorType.of(element.element()));
        }
        return type instanceof TypeEntry.Unread unread ? new Attribute.Opaque(unread.what()) : NO_TYPE;
    }

    private Attribute integer(ByteCursor in) throws ProgramException {
        ElementType type = pool.element(in.index(pool.typeCount(), "type"));
        if (type == ElementType.I1) {
            return new Attribute.Bool((in.unsignedByte() & 1) == 1);
        }
        if (!type.isInteger()) {
            throw in.fault("an integer is of type " + type);
        }
        long bits = in.integer(type.bits());
        int unused = Long.SIZE - type.bits();
        boolean isSigned = type.kind() == ElementType.Kind.SIGNED;
        return new Attribute.Int(isSigned ? bits << unused >> unused : bits << unused >>> unused, type);
    }

    private Attribute real(ByteCursor in) throws ProgramException {
        ElementType type = pool.element(in.index(pool.typeCount(), "type"));
        if (!type.isFloat()) {
            throw in.fault("a real number is of type " + type);
        }
        int unused = Long.SIZE - type.bits();
        return new Attribute.Real(in.integer(type.bits()) << unused >>> unused, type);
    }

    private Attribute array(ByteCursor in) throws ProgramException {
        ElementType element = pool.element(in.index(pool.typeCount(), "type"));
        long count = in.varint();
        ByteBuffer blob = in.blob();
        if (Long.compareUnsigned(count, blob.remaining()) > 0 || count * element.bytes() != blob.remaining()) {
            throw in.fault("an array has " + Long.toUnsignedString(count) + " elements of type " + element + ", got "
                    + blob.remaining() + " bytes");
        }
        return new Attribute.Tensor(TensorData.of(TensorType.of(element, count), blob, in));
    }

    private Attribute tensor(ByteCursor in) throws ProgramException {
        int index = in.index(pool.typeCount(), "type");
        if (pool.valueType(index) instanceof TensorType type) {
            return new Attribute.Tensor(TensorData.of(type, in.blob(), in));
        }
        throw in.fault("elements are not of a tensor");
    }

    /** An alias of a result and an operand, as a dictionary with the names of StableHLO text. */
    private Attribute alias(ByteCursor in) throws ProgramException {
        Map<String, Attribute> entries = new LinkedHashMap<>();
        entries.put("output_tuple_indices", signedNumbers(in));
        entries.put("operand_index", new Attribute.Int(in.signed()));
        entries.put("operand_tuple_indices", signedNumbers(in));
        return new Attribute.Entries(entries);
    }

    private static Attribute signedNumbers(ByteCursor in) throws ProgramException {
        int count = in.count("numbers");
        List<Long> numbers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            numbers.add(in.signed());
        }
        return new Attribute.Ints(numbers);
    }
}
