package io.portolan.programs.bytecode;

import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Type;

/** A type of the file: that of a value, that of an element, or one that only attributes have. */
sealed interface TypeEntry {
    /** The type of a value. */
    record OfValue(Type type) implements TypeEntry {}

    /** The type of elements and numbers. */
    record OfElement(ElementType element) implements TypeEntry {}

    /** No type. */
    record None() implements TypeEntry {}

    /** A type that no value can have, in words. */
    record Unread(String what) implements TypeEntry {}
}
