package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;

/** The orders in which MLIR keeps the uses of values; they do not change what a program computes. */
final class UseOrders {
    private UseOrders() {}

    /** Skips the orders of a number of values. */
    static void skip(ByteCursor in, int values) throws ProgramException {
        int orders = values > 1 ? in.count("orders of uses") : 1;
        for (int i = 0; i < orders; i++) {
            if (values > 1) {
                in.index(values, "value");
            }
            int indices = in.bounded(in.varint() >>> 1, "indices of uses");
            for (int j = 0; j < indices; j++) {
                in.varint();
            }
        }
    }
}
