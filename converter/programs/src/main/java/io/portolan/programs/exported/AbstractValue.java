package io.portolan.programs.exported;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.ElementType;
import java.util.ArrayList;
import java.util.List;

/**
 * The type of an argument or a result as the caller sees it.
 *
 * @param element the element type; keys of random numbers are their {@code ui32} arrays
 * @param shape the sizes as JAX writes them, such as {@code 3}, {@code b} or {@code 2*n + 1}
 */
record AbstractValue(ElementType element, List<String> shape) {
    private static final int HIGHEST_RANK = 128;
    private static final int TOKEN = 1;

    private static final List<ElementType> ELEMENTS = List.of(
            ElementType.I1,
            ElementType.I8,
            ElementType.I16,
            ElementType.I32,
            ElementType.I64,
            ElementType.UI8,
            ElementType.UI16,
            ElementType.UI32,
            ElementType.UI64,
            ElementType.F16,
            ElementType.F32,
            ElementType.F64,
            ElementType.C64,
            ElementType.C128,
            ElementType.BF16,
            ElementType.I4,
            ElementType.UI4,
            ElementType.F8E4M3B11FNUZ,
            ElementType.F8E4M3FN,
            ElementType.F8E4M3FNUZ,
            ElementType.F8E5M2,
            ElementType.F8E5M2FNUZ,
            ElementType.I1,
            ElementType.F8E4M3,
            ElementType.F8E3M4,
            ElementType.F8E8M0FNU,
            ElementType.F4E2M1FN);

    /** How many numbers a key has, by the codes after those of {@link #ELEMENTS}: threefry, rbg, unsafe_rbg. */
    private static final List<String> KEY_SIZES = List.of("2", "4", "4");

    AbstractValue {
        shape = List.copyOf(shape);
    }

    static AbstractValue read(FlatTable table) throws ProgramException {
        int kind = table.unsignedByte(0);
        if (kind == TOKEN) {
            throw fault(table, "the program takes or gives a token for ordered effects, which is not supported");
        }
        if (kind != 0) {
            throw fault(table, "an argument or result is of kind " + kind + ", expected 0");
        }
        List<String> shape = new ArrayList<>(table.texts(1));
        if (shape.size() > HIGHEST_RANK) {
            throw fault(table, "an array has " + shape.size() + " axes, expected at most " + HIGHEST_RANK);
        }
        int code = table.unsignedByte(2);
        if (code < ELEMENTS.size()) {
            return new AbstractValue(ELEMENTS.get(code), shape);
        }
        int key = code - ELEMENTS.size();
        if (key >= KEY_SIZES.size()) {
            throw fault(
                    table,
                    "an array is of the unknown type " + code + ", expected at most "
                            + (ELEMENTS.size() + KEY_SIZES.size() - 1));
        }
        shape.add(KEY_SIZES.get(key));
        return new AbstractValue(ElementType.UI32, shape);
    }

    private static ProgramException fault(FlatTable table, String message) {
        return ProgramException.at(table.position(), message);
    }
}
