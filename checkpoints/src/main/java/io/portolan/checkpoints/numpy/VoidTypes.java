package io.portolan.checkpoints.numpy;

import io.portolan.checkpoints.values.ElementType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The types that stand behind elements of a numpy file whose type it does not state: numpy writes bfloat16 as {@code V2}
 * ("void", two bytes without meaning), and the smaller types of ml_dtypes as {@code V1}.
 */
public final class VoidTypes {
    private static final VoidTypes NONE = new VoidTypes(Map.of());

    private final Map<Integer, ElementType> bySize;

    private VoidTypes(Map<Integer, ElementType> bySize) {
        this.bySize = bySize;
    }

    /** No types: such arrays are refused. */
    public static VoidTypes none() {
        return NONE;
    }

    /**
     * At most one type of each size.
     *
     * @throws IllegalArgumentException if a type is numpy's own, which a file always states, or two have the same size
     */
    public static VoidTypes of(List<ElementType> types) {
        Map<Integer, ElementType> bySize = new HashMap<>();
        for (ElementType type : types) {
            if (!type.isExtension()) {
                throw new IllegalArgumentException(
                        type.label() + ": expected a type of ml_dtypes; files state the types of numpy itself");
            }
            ElementType other = bySize.put(type.bytes(), type);
            if (other != null && other != type) {
                throw new IllegalArgumentException(other.label() + " and " + type.label() + " have elements of "
                        + type.bytes() + " bytes: expected one of them");
            }
        }
        return new VoidTypes(bySize);
    }

    /** The type of elements of so many bytes, if it is known. */
    public Optional<ElementType> ofSize(int bytes) {
        return Optional.ofNullable(bySize.get(bytes));
    }
}
