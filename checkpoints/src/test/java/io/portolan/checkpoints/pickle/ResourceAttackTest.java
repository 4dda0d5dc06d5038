package io.portolan.checkpoints.pickle;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pickles that are small, or slow to show it, and ask for more time or memory than anyone has. */
class ResourceAttackTest {

    @ParameterizedTest
    @MethodSource
    void aPickleThatExhaustsTheReaderIsRefused(RefusedPickle pickle) {
        Assertions.assertTimeout(Duration.ofSeconds(10), pickle::check);
    }

    static Stream<RefusedPickle> aPickleThatExhaustsTheReaderIsRefused() {
        return Stream.of(
                declared(
                        "BINBYTES near 2^32",
                        Opcode.BINBYTES,
                        PickleBytes.empty().int4(-1)),
                declared(
                        "BINUNICODE near 2^31",
                        Opcode.BINUNICODE,
                        PickleBytes.empty().int4(Integer.MAX_VALUE)),
                declared(
                        "BINBYTES8 near 2^63",
                        Opcode.BINBYTES8,
                        PickleBytes.empty().int8(Long.MAX_VALUE)),
                declared(
                        "BINBYTES8 above 2^63",
                        Opcode.BINBYTES8,
                        PickleBytes.empty().int8(-2)),
                declared(
                        "BINUNICODE8 near 2^32",
                        Opcode.BINUNICODE8,
                        PickleBytes.empty().int8(0xFFFF_FFFFL)),
                declared(
                        "BYTEARRAY8 near 2^31",
                        Opcode.BYTEARRAY8,
                        PickleBytes.empty().int8(Integer.MAX_VALUE)),
                declared("FRAME near 2^63", Opcode.FRAME, PickleBytes.empty().int8(Long.MAX_VALUE)),
                new RefusedPickle(
                        "LONG4 of negative length",
                        operand(Opcode.LONG4, PickleBytes.empty().int4(-1)),
                        "an integer of -1 bytes",
                        "LONG4"),
                new RefusedPickle(
                        "LONG4 near 2^31",
                        operand(Opcode.LONG4, PickleBytes.empty().int4(Integer.MAX_VALUE)),
                        "an integer of 2147483647 bytes",
                        "LONG4"),
                new RefusedPickle(
                        "INT of a million digits",
                        lineOf(Opcode.INT, "9".repeat(1_000_000)),
                        "an integer of 1000000 characters",
                        "INT"),
                new RefusedPickle(
                        "LONG of a million digits",
                        lineOf(Opcode.LONG, "9".repeat(1_000_000) + "L"),
                        "an integer of 1000001",
                        "LONG"),
                new RefusedPickle(
                        "FLOAT of a million digits",
                        lineOf(Opcode.FLOAT, "9".repeat(1_000_000)),
                        "a floating-point number of",
                        "FLOAT"),
                new RefusedPickle(
                        "PUT of a million digits", lineOf(Opcode.PUT, "9".repeat(1_000_000)), "a memo index of", "PUT"),
                new RefusedPickle(
                        "BINSTRING of negative length",
                        operand(Opcode.BINSTRING, PickleBytes.empty().int4(-1)),
                        "bytes and the file has",
                        "BINSTRING"),
                new RefusedPickle(
                        "deep records",
                        PickleBytes.protocol(4)
                                .op(Opcode.NONE)
                                .repeat(
                                        5_000,
                                        p -> p.raw(Opcode.BINPUT.code(), 0)
                                                .op(Opcode.POP)
                                                .global("optax", "S")
                                                .raw(Opcode.BINGET.code(), 0)
                                                .op(Opcode.TUPLE1, Opcode.NEWOBJ))
                                .stop(),
                        "more nested containers",
                        "STOP"),
                new RefusedPickle(
                        "a record that contains itself",
                        PickleBytes.protocol(4)
                                .global("optax", "S")
                                .op(Opcode.EMPTY_TUPLE, Opcode.NEWOBJ, Opcode.MEMOIZE, Opcode.EMPTY_DICT)
                                .text("me")
                                .raw(Opcode.BINGET.code(), 0)
                                .op(Opcode.SETITEM, Opcode.BUILD)
                                .stop(),
                        "a record contains itself",
                        "STOP"),
                new RefusedPickle(
                        "a set that contains itself",
                        PickleBytes.protocol(4)
                                .global("builtins", "set")
                                .op(Opcode.EMPTY_LIST, Opcode.MEMOIZE, Opcode.TUPLE1, Opcode.REDUCE)
                                .raw(Opcode.BINGET.code(), 0)
                                .op(Opcode.APPEND)
                                .stop(),
                        "a list contains itself",
                        "STOP"),
                new RefusedPickle(
                        "DUP flood",
                        PickleBytes.protocol(4)
                                .op(Opcode.NONE)
                                .repeat(20_000, p -> p.op(Opcode.DUP))
                                .stop(),
                        "more values on the stack than the reader's budget",
                        "DUP"),
                new RefusedPickle(
                        "MARK flood",
                        PickleBytes.protocol(4)
                                .repeat(20_000, p -> p.op(Opcode.MARK))
                                .stop(),
                        "more values on the stack",
                        "MARK"),
                new RefusedPickle(
                        "memo flood",
                        PickleBytes.protocol(4)
                                .op(Opcode.NONE)
                                .repeat(200_000, p -> p.op(Opcode.MEMOIZE))
                                .stop(),
                        "more memo entries",
                        "MEMOIZE"),
                new RefusedPickle(
                        "endless work",
                        PickleBytes.protocol(4)
                                .repeat(600_000, p -> p.op(Opcode.NONE, Opcode.POP))
                                .stop(),
                        "more instructions",
                        "POP"),
                new RefusedPickle(
                        "deep lists",
                        PickleBytes.protocol(4)
                                .op(Opcode.EMPTY_LIST)
                                .repeat(100_000, p -> p.op(Opcode.TUPLE1))
                                .stop(),
                        "more nested containers",
                        "STOP"),
                new RefusedPickle(
                        "deep dictionaries",
                        PickleBytes.protocol(4)
                                .op(Opcode.NONE)
                                .repeat(
                                        9_000,
                                        p -> p.raw(Opcode.BINPUT.code(), 0)
                                                .op(Opcode.POP, Opcode.EMPTY_DICT, Opcode.NONE)
                                                .raw(Opcode.BINGET.code(), 0)
                                                .op(Opcode.SETITEM))
                                .stop(),
                        "more nested containers",
                        "STOP"),
                new RefusedPickle(
                        "billion laughs",
                        PickleBytes.protocol(4)
                                .op(Opcode.EMPTY_LIST)
                                .repeat(40, p -> p.op(Opcode.DUP, Opcode.TUPLE2))
                                .stop(),
                        "more values in the tree",
                        "STOP"),
                new RefusedPickle(
                        "a list that contains itself",
                        PickleBytes.protocol(4)
                                .op(Opcode.EMPTY_LIST, Opcode.DUP, Opcode.APPEND)
                                .stop(),
                        "a list contains itself",
                        "STOP"),
                new RefusedPickle(
                        "a dictionary that contains itself",
                        PickleBytes.protocol(4)
                                .op(Opcode.EMPTY_DICT, Opcode.MEMOIZE, Opcode.NONE)
                                .raw(Opcode.BINGET.code(), 0)
                                .op(Opcode.SETITEM)
                                .stop(),
                        "a dictionary contains itself",
                        "STOP"),
                new RefusedPickle(
                        "a list as a key",
                        PickleBytes.protocol(4)
                                .op(Opcode.EMPTY_DICT, Opcode.EMPTY_LIST, Opcode.NONE, Opcode.SETITEM)
                                .stop(),
                        "a list is used as a key",
                        "SETITEM"),
                new RefusedPickle(
                        "one payload transposed again and again",
                        transposedOften(),
                        "more bytes of copied array data",
                        "BUILD"));
    }

    private static ByteBuffer lineOf(Opcode opcode, String line) {
        return PickleBytes.empty().op(Opcode.NONE, opcode).line(line).stop();
    }

    private static RefusedPickle declared(String name, Opcode opcode, PickleBytes length) {
        return new RefusedPickle(name, operand(opcode, length), "bytes and the file has", opcode.name());
    }

    private static ByteBuffer operand(Opcode opcode, PickleBytes operand) {
        PickleBytes pickle = PickleBytes.protocol(5).op(opcode);
        ByteBuffer bytes = operand.buffer();
        while (bytes.hasRemaining()) {
            pickle.raw(bytes.get());
        }
        return pickle.raw('x', 'y').stop();
    }

    /** 64 KiB of data, shared by arrays that would each copy it. */
    private static ByteBuffer transposedOften() {
        return PickleBytes.protocol(4)
                .dtype("i1", "|")
                .op(Opcode.MEMOIZE)
                .data(new int[1 << 16])
                .op(Opcode.MEMOIZE)
                .repeat(
                        100,
                        p -> p.array(state -> state.shape(256, 256)
                                .raw(Opcode.BINGET.code(), 0)
                                .op(Opcode.NEWTRUE)
                                .raw(Opcode.BINGET.code(), 1)))
                .stop();
    }
}
