package io.portolan.programs.stablehlo;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The value of an attribute of an operation, a function or a module. */
public sealed interface Attribute {
    /** True or false. */
    record Bool(boolean value) implements Attribute {}

    /**
     * An integer.
     *
     * @param type the integer type that it is written with, which tells nothing about operations but is part of dictionaries
     */
    record Int(long value, ElementType type) implements Attribute {
        /** A 64-bit integer. */
        public Int(long value) {
            this(value, ElementType.I64);
        }
    }

    /** Integers: dimensions, sizes, strides; pads are the low and the high one of each axis in turn; booleans are 0 and 1. */
    record Ints(List<Long> values) implements Attribute {
        public Ints {
            values = List.copyOf(values);
        }
    }

    /** A real number; {@code bits} are those of {@code type}. */
    record Real(long bits, ElementType type) implements Attribute {}

    /** A text. */
    record Text(String value) implements Attribute {}

    /** The name of a function of the module. */
    record Symbol(String name) implements Attribute {}

    /** One of a few words, such as {@code LT} or {@code RFFT}. */
    record Keyword(String word) implements Attribute {}

    /** The elements of a constant. */
    record Tensor(Elements elements) implements Attribute {}

    /** A list. */
    record Items(List<Attribute> items) implements Attribute {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** A dictionary, in the order of the file. */
    record Entries(Map<String, Attribute> byName) implements Attribute {
        public Entries {
            byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
        }
    }

    /** A type as a value. */
    record OfType(Type type) implements Attribute {}

    /** No value: the name alone says it. */
    record Unit() implements Attribute {}

    /** An attribute of a dialect that is not read, such as a sharding; {@code what} names it. */
    record Opaque(String what) implements Attribute {}
}
