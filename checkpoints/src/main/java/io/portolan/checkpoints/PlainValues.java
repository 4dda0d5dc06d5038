package io.portolan.checkpoints;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Quotation;
import io.portolan.checkpoints.values.Tuple;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Names for the plain values that readers return, for use in errors, and a conversion to integers. */
final class PlainValues {
    private PlainValues() {}

    static String kind(Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof Map) {
            return "a dictionary";
        }
        if (value instanceof List) {
            return "a list";
        }
        if (value instanceof Tuple) {
            return "a tuple";
        }
        if (value instanceof String) {
            return "text";
        }
        if (value instanceof InertObject object) {
            return "a record, " + Quotation.of(object.qualifiedName())
                    + NumpyRecords.elementType(object)
                            .map(type -> " of element type " + Quotation.of(type))
                            .orElse("");
        }
        return value instanceof ArrayData array
                ? "an array, " + array
                : value.getClass().getSimpleName() + " " + value;
    }

    /** The value of an integer of at most 63 bits, given as a number or an array of rank 0, perhaps in a box; empty for anything else. */
    static OptionalLong integer(Object value) {
        if (value instanceof InertObject object) {
            return KnownRecords.box(object).map(box -> integer(box.contents())).orElse(OptionalLong.empty());
        }
        if (value instanceof Long number) {
            return OptionalLong.of(number);
        }
        if (value instanceof ArrayData array && array.rank() == 0) {
            return scalar(array.type(), array.bytes());
        }
        return OptionalLong.empty();
    }

    private static OptionalLong scalar(ElementType type, ByteBuffer bytes) {
        return switch (type) {
            case INT8 -> OptionalLong.of(bytes.get());
            case INT16 -> OptionalLong.of(bytes.getShort());
            case INT32 -> OptionalLong.of(bytes.getInt());
            case INT64 -> OptionalLong.of(bytes.getLong());
            case UINT8 -> OptionalLong.of(Byte.toUnsignedLong(bytes.get()));
            case UINT16 -> OptionalLong.of(Short.toUnsignedLong(bytes.getShort()));
            case UINT32 -> OptionalLong.of(Integer.toUnsignedLong(bytes.getInt()));
            case UINT64 ->
                OptionalLong.of(bytes.getLong()).stream()
                        .filter(number -> number >= 0)
                        .findFirst();
            default -> OptionalLong.empty();
        };
    }
}
