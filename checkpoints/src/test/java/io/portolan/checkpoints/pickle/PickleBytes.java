package io.portolan.checkpoints.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** Assembles a pickle by hand, instruction by instruction. */
final class PickleBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static PickleBytes empty() {
        return new PickleBytes();
    }

    static PickleBytes protocol(int version) {
        return empty().op(Opcode.PROTO).raw(version);
    }

    PickleBytes op(Opcode... opcodes) {
        for (Opcode opcode : opcodes) {
            bytes.write(opcode.code());
        }
        return this;
    }

    PickleBytes raw(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
        return this;
    }

    PickleBytes int4(int value) {
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
        return this;
    }

    PickleBytes int8(long value) {
        bytes.writeBytes(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
        return this;
    }

    PickleBytes text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        op(Opcode.BINUNICODE).int4(utf8.length).bytes.writeBytes(utf8);
        return this;
    }

    PickleBytes line(String text) {
        bytes.writeBytes((text + "\n").getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    PickleBytes data(int... values) {
        return op(Opcode.BINBYTES).int4(values.length).raw(values);
    }

    PickleBytes integer(int value) {
        return op(Opcode.BININT).int4(value);
    }

    PickleBytes shape(int... dimensions) {
        op(Opcode.MARK);
        for (int dimension : dimensions) {
            integer(dimension);
        }
        return op(Opcode.TUPLE);
    }

    PickleBytes global(String module, String name) {
        op(Opcode.GLOBAL).bytes.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    PickleBytes stackGlobal(String module, String name) {
        return text(module).text(name).op(Opcode.STACK_GLOBAL);
    }

    /** A finished dtype. */
    PickleBytes dtype(String code, String order) {
        return dtypeWithoutOrder(code).dtypeState(order);
    }

    PickleBytes dtypeWithoutOrder(String code) {
        return global("numpy", "dtype").text(code).op(Opcode.NEWFALSE, Opcode.NEWTRUE, Opcode.TUPLE3, Opcode.REDUCE);
    }

    PickleBytes dtypeState(String order) {
        return op(Opcode.MARK)
                .integer(3)
                .text(order)
                .op(Opcode.NONE, Opcode.NONE, Opcode.NONE)
                .integer(-1)
                .integer(-1)
                .integer(0)
                .op(Opcode.TUPLE, Opcode.BUILD);
    }

    /** An array that still waits for its state. */
    PickleBytes unfilledArray() {
        return global("numpy._core.multiarray", "_reconstruct")
                .global("numpy", "ndarray")
                .shape(0)
                .data('b')
                .op(Opcode.TUPLE3, Opcode.REDUCE);
    }

    /** An array whose state's last fields (shape, dtype, Fortran flag, data) are as given. */
    PickleBytes array(UnaryOperator<PickleBytes> fields) {
        unfilledArray().op(Opcode.MARK).integer(1);
        return fields.apply(this).op(Opcode.TUPLE, Opcode.BUILD);
    }

    PickleBytes repeat(int count, UnaryOperator<PickleBytes> part) {
        PickleBytes bytes = this;
        for (int i = 0; i < count; i++) {
            bytes = part.apply(bytes);
        }
        return bytes;
    }

    ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    ByteBuffer stop() {
        return op(Opcode.STOP).buffer();
    }
}
