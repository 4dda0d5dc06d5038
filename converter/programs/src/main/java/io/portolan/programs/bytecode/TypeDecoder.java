package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.TensorType;
import io.portolan.programs.stablehlo.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decodes the types of the dialects {@code builtin} and {@code vhlo}. */
final class TypeDecoder {
    private static final int HIGHEST_RANK = 128;

    private static final Map<Integer, ElementType> VHLO_ELEMENTS = Map.ofEntries(
            Map.entry(0, ElementType.I1),
            Map.entry(2, ElementType.BF16),
            Map.entry(3, ElementType.F16),
            Map.entry(4, ElementType.F32),
            Map.entry(5, ElementType.F64),
            Map.entry(6, ElementType.F8E4M3FN),
            Map.entry(7, ElementType.F8E5M2),
            Map.entry(9, ElementType.INDEX),
            Map.entry(10, ElementType.I4),
            Map.entry(11, ElementType.I8),
            Map.entry(12, ElementType.I16),
            Map.entry(13, ElementType.I32),
            Map.entry(14, ElementType.I64),
            Map.entry(15, ElementType.UI4),
            Map.entry(16, ElementType.UI8),
            Map.entry(17, ElementType.UI16),
            Map.entry(18, ElementType.UI32),
            Map.entry(19, ElementType.UI64),
            Map.entry(27, ElementType.F8E4M3FNUZ),
            Map.entry(28, ElementType.F8E5M2FNUZ),
            Map.entry(29, ElementType.F8E4M3B11FNUZ),
            Map.entry(31, ElementType.I2),
            Map.entry(32, ElementType.UI2),
            Map.entry(34, ElementType.TF32),
            Map.entry(35, ElementType.F8E4M3),
            Map.entry(36, ElementType.F8E3M4),
            Map.entry(37, ElementType.F4E2M1FN),
            Map.entry(38, ElementType.F6E2M3FN),
            Map.entry(39, ElementType.F6E3M2FN),
            Map.entry(40, ElementType.F8E8M0FNU));

    private static final Map<Integer, String> VHLO_UNREAD = Map.of(
            8, "a function type",
            24, "a quantized type",
            25, "a tensor of unknown rank",
            26, "a witness",
            30, "a type quantized per axis",
            41, "a buffer",
            42, "a future");

    private static final Map<Integer, ElementType> BUILTIN_ELEMENTS = Map.of(
            1, ElementType.INDEX,
            3, ElementType.BF16,
            4, ElementType.F16,
            5, ElementType.F32,
            6, ElementType.F64);

    private static final Map<Integer, String> BUILTIN_UNREAD = Map.of(
            2, "a function type",
            7, "a number of 80 bits",
            8, "a number of 128 bits",
            10, "a memref",
            11, "a memref",
            16, "a memref",
            17, "a memref",
            18, "a tensor of unknown rank",
            19, "a vector",
            20, "a vector");

    private final Pool pool;

    TypeDecoder(Pool pool) {
        this.pool = pool;
    }

    TypeEntry builtin(ByteCursor in) throws ProgramException {
        int code = in.index(Integer.MAX_VALUE, "type code");
        if (BUILTIN_ELEMENTS.containsKey(code)) {
            return new TypeEntry.OfElement(BUILTIN_ELEMENTS.get(code));
        }
        if (BUILTIN_UNREAD.containsKey(code)) {
            return new TypeEntry.Unread(BUILTIN_UNREAD.get(code));
        }
        return switch (code) {
            case 0 -> integer(in);
            case 9 -> complex(in);
            case 12 -> new TypeEntry.None();
            case 13 -> tensor(in);
            case 14 -> encoded(in);
            case 15 -> tuple(in);
            default -> throw in.fault("type code " + code + " of the dialect builtin is unknown, expected 0 to 20");
        };
    }

    TypeEntry vhlo(ByteCursor in) throws ProgramException {
        int code = in.index(Integer.MAX_VALUE, "type code");
        if (VHLO_ELEMENTS.containsKey(code)) {
            return new TypeEntry.OfElement(VHLO_ELEMENTS.get(code));
        }
        if (VHLO_UNREAD.containsKey(code)) {
            return new TypeEntry.Unread(VHLO_UNREAD.get(code));
        }
        return switch (code) {
            case 1 -> complex(in);
            case 20 -> tensor(in);
            case 21 -> encoded(in);
            case 22 -> new TypeEntry.OfValue(new Type.Token());
            case 23 -> tuple(in);
            case 33 -> new TypeEntry.None();
            default -> throw in.fault("type code " + code + " of VHLO is unknown, expected 0 to 42");
        };
    }

    private static TypeEntry integer(ByteCursor in) throws ProgramException {
        long entry = in.varint();
        String name = ((entry & 3) == 2 ? "ui" : "i") + (entry >>> 2);
        Optional<ElementType> element = ElementType.named(name);
        return element.isPresent()
                ? new TypeEntry.OfElement(element.get())
                : new TypeEntry.Unread("an integer of type " + name);
    }

    private TypeEntry complex(ByteCursor in) throws ProgramException {
        ElementType part = element(in);
        return switch (part) {
            case F32 -> new TypeEntry.OfElement(ElementType.C64);
            case F64 -> new TypeEntry.OfElement(ElementType.C128);
            default -> throw in.fault("complex numbers have parts of type " + part + ", expected f32 or f64");
        };
    }

    /** A tensor with an encoding: bounds of sizes or a layout, neither of which changes the values. */
    private TypeEntry encoded(ByteCursor in) throws ProgramException {
        in.index(pool.attributeCount(), "attribute");
        return tensor(in);
    }

    private TypeEntry tensor(ByteCursor in) throws ProgramException {
        int rank = in.count("sizes of a tensor");
        if (rank > HIGHEST_RANK) {
            throw in.fault("a tensor has " + rank + " axes, expected at most " + HIGHEST_RANK);
        }
        pool.addWeight(rank);
        List<Long> dims = new ArrayList<>(rank);
        for (int i = 0; i < rank; i++) {
            long dim = in.signed();
            if (dim < 0 && dim != Long.MIN_VALUE) {
                throw in.fault("a tensor has a size of " + dim + ", expected 0 or more");
            }
            dims.add(dim < 0 ? TensorType.DYNAMIC : dim);
        }
        return new TypeEntry.OfValue(new TensorType(element(in), dims));
    }

    private ElementType element(ByteCursor in) throws ProgramException {
        return pool.element(in.index(pool.typeCount(), "type"));
    }

    private TypeEntry tuple(ByteCursor in) throws ProgramException {
        int count = in.count("types of a tuple");
        List<Type> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            elements.add(pool.valueType(in.index(pool.typeCount(), "type")));
        }
        return new TypeEntry.OfValue(new Type.Tuple(elements));
    }
}
