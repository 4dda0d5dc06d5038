package io.portolan.converter.passes;

import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.StandardOp;
import java.util.EnumSet;
import java.util.Set;

/** Operators that compute every element of their result from the elements at the same place of their inputs, which broadcast. */
final class Pointwise {
    private static final Set<StandardOp> OPS = EnumSet.of(
            StandardOp.ABS,
            StandardOp.ADD,
            StandardOp.AND,
            StandardOp.ATAN,
            StandardOp.CAST,
            StandardOp.CEIL,
            StandardOp.COS,
            StandardOp.DIV,
            StandardOp.ELU,
            StandardOp.EQUAL,
            StandardOp.ERF,
            StandardOp.EXP,
            StandardOp.FLOOR,
            StandardOp.GREATER,
            StandardOp.GREATER_OR_EQUAL,
            StandardOp.IDENTITY,
            StandardOp.LEAKY_RELU,
            StandardOp.LESS,
            StandardOp.LESS_OR_EQUAL,
            StandardOp.LOG,
            StandardOp.MAX,
            StandardOp.MIN,
            StandardOp.MUL,
            StandardOp.NEG,
            StandardOp.NOT,
            StandardOp.OR,
            StandardOp.POW,
            StandardOp.RECIPROCAL,
            StandardOp.RELU,
            StandardOp.ROUND,
            StandardOp.SELU,
            StandardOp.SIGMOID,
            StandardOp.SIGN,
            StandardOp.SIN,
            StandardOp.SOFTPLUS,
            StandardOp.SQRT,
            StandardOp.SUB,
            StandardOp.TAN,
            StandardOp.TANH,
            StandardOp.WHERE);

    private Pointwise() {}

    static boolean is(Node node) {
        return node.op() instanceof StandardOp op && OPS.contains(op);
    }
}
