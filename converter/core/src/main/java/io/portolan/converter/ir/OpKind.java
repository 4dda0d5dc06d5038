package io.portolan.converter.ir;

/** What an operator does with the elements of its inputs, as far as passes need to know. */
enum OpKind {
    /** Computes every element of its result from the elements at the same index of its inputs, which broadcast. */
    ELEMENTWISE,

    /** Moves elements of its inputs, unchanged, to indices that do not depend on the first input. */
    MOVES_ELEMENTS,

    /** Combines the elements along the axes in its second input; attribute {@code keepdims} tells whether these stay, with size 1. */
    REDUCES,

    /** Anything else. */
    OTHER
}
