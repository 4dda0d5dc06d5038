package io.portolan.converter.ir;

/** What an operator does with the elements of its inputs, as far as passes ask. */
enum OpKind {
    /** Computes every element of its result from the elements at the same place of its inputs, which broadcast. */
    ELEMENTWISE,

    /** Puts elements of its inputs, unchanged, in places that do not depend on the first input. */
    MOVES_ELEMENTS,

    /** Combines the elements along the axes that its second input names; attribute {@code keepdims} says what becomes of these. */
    REDUCES,

    /** Anything else. */
    OTHER
}
