package io.portolan.converter.tensorflow;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.tensorflow.proto.DataType;

/**
 * The TensorFlow element types that an op is supported for.
 *
 * @param all the types
 */
public record ElementTypes(Set<DataType> all) {
    public static final ElementTypes FLOAT_ONLY = of(DataType.DT_FLOAT);
    public static final ElementTypes FLOATS = of(DataType.DT_FLOAT, DataType.DT_DOUBLE);
    public static final ElementTypes INTEGERS = of(DataType.DT_INT32, DataType.DT_INT64);
    public static final ElementTypes NUMBERS = FLOATS.and(INTEGERS);
    public static final ElementTypes TRUTH = of(DataType.DT_BOOL);
    public static final ElementTypes COMPLEX = of(DataType.DT_COMPLEX64, DataType.DT_COMPLEX128);
    /** Floating-point numbers, integers and booleans. */
    public static final ElementTypes REAL = NUMBERS.and(TRUTH);
    /** All of these. */
    public static final ElementTypes ANY = REAL.and(COMPLEX);
    /** Floating-point numbers of 16 bits. */
    public static final ElementTypes HALVES = of(DataType.DT_HALF, DataType.DT_BFLOAT16);
    /** All floating-point numbers. */
    public static final ElementTypes FLOATING = FLOATS.and(HALVES);
    /** Floating-point numbers, and the integers that are for arithmetic. */
    public static final ElementTypes NUMERIC = NUMBERS.and(HALVES);
    /** Types that are used for storage rather than for arithmetic. */
    public static final ElementTypes SMALL = HALVES.and(of(
            DataType.DT_UINT8,
            DataType.DT_INT8,
            DataType.DT_UINT16,
            DataType.DT_INT16,
            DataType.DT_UINT32,
            DataType.DT_UINT64));
    /** Integers of fewer than 32 bits, and unsigned ones of 32: all of them are among those of a wider signed type. */
    public static final ElementTypes NARROW_INTEGERS =
            of(DataType.DT_UINT8, DataType.DT_INT8, DataType.DT_UINT16, DataType.DT_INT16, DataType.DT_UINT32);
    /** All integers whose sums and products wrap around as those of a signed type of at least as many bits do. */
    public static final ElementTypes WRAPPING_INTEGERS = NARROW_INTEGERS.and(of(DataType.DT_UINT64));
    /** Those of them that most of TensorFlow's kernels have. */
    public static final ElementTypes NARROW = HALVES.and(of(DataType.DT_UINT8, DataType.DT_INT8));
    /** The types of images that are resized. */
    public static final ElementTypes IMAGES = NUMBERS.and(
            of(DataType.DT_UINT8, DataType.DT_INT8, DataType.DT_UINT16, DataType.DT_INT16, DataType.DT_HALF));
    /** The types of convolutions. */
    public static final ElementTypes FILTERED = FLOATS.and(of(DataType.DT_HALF));
    /** The types of ops that only move elements. */
    public static final ElementTypes MOVED = ANY.and(SMALL);

    public static final ElementTypes TEXTS = of(DataType.DT_STRING);
    /** Those of ops that move elements of every type, texts too. */
    public static final ElementTypes ALL = MOVED.and(TEXTS);

    public ElementTypes {
        all = Collections.unmodifiableSet(EnumSet.copyOf(all));
    }

    /** The given types. */
    public static ElementTypes of(DataType first, DataType... more) {
        return new ElementTypes(EnumSet.of(first, more));
    }

    /** The union of these types and others. */
    public ElementTypes and(ElementTypes others) {
        EnumSet<DataType> both = EnumSet.copyOf(all);
        both.addAll(others.all);
        return new ElementTypes(both);
    }

    /** Whether a type is among these. */
    public boolean contains(DataType type) {
        return all.contains(type);
    }
}
