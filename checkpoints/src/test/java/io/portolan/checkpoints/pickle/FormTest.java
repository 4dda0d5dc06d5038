package io.portolan.checkpoints.pickle;

import static io.portolan.checkpoints.pickle.PickleBytes.protocol;
import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.values.Tuple;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams that are damaged or not pickles at all. */
class FormTest {

    @ParameterizedTest
    @MethodSource
    void aDamagedStreamIsRefused(RefusedPickle pickle) {
        pickle.check();
    }

    static Stream<RefusedPickle> aDamagedStreamIsRefused() {
        return Stream.of(
                new RefusedPickle("an empty file", PickleBytes.empty().buffer(), "the file is empty", "end of file"),
                new RefusedPickle(
                        "a PNG image",
                        PickleBytes.empty().raw(0x89, 'P', 'N', 'G', '\r', '\n').buffer(),
                        "not a pickle",
                        "0x89"),
                new RefusedPickle(
                        "text",
                        ByteBuffer.wrap("{\"params\": 1}".getBytes(StandardCharsets.UTF_8)),
                        "not a pickle",
                        "0x7b"),
                new RefusedPickle("PROTO 6", protocol(6).op(Opcode.NONE).stop(), "pickle protocol 6", "PROTO"),
                new RefusedPickle("PROTO 255", protocol(255).op(Opcode.NONE).stop(), "pickle protocol 255", "PROTO"),
                new RefusedPickle(
                        "a second PROTO",
                        protocol(4).op(Opcode.PROTO).raw(4).op(Opcode.NONE).stop(),
                        "a second PROTO",
                        "PROTO"),
                new RefusedPickle("no STOP", protocol(4).op(Opcode.NONE).buffer(), "ends without STOP", "end of file"),
                new RefusedPickle("only PROTO", protocol(4).buffer(), "ends without STOP", "end of file"),
                new RefusedPickle(
                        "bytes after STOP",
                        protocol(4).op(Opcode.NONE, Opcode.STOP, Opcode.NONE).buffer(),
                        "1 bytes follow",
                        "STOP"),
                new RefusedPickle("nothing at STOP", protocol(4).stop(), "the stack is empty", "STOP"),
                new RefusedPickle(
                        "two values at STOP",
                        protocol(4).op(Opcode.NONE, Opcode.NONE).stop(),
                        "more than one value",
                        "STOP"),
                new RefusedPickle(
                        "a mark at STOP",
                        protocol(4).op(Opcode.MARK, Opcode.NONE).stop(),
                        "more than one value",
                        "STOP"),
                new RefusedPickle(
                        "no such memo entry",
                        protocol(4).op(Opcode.BINGET).raw(7).stop(),
                        "memo entry 7 is not set",
                        "BINGET"),
                new RefusedPickle(
                        "a memo index near 2^32",
                        protocol(4).op(Opcode.LONG_BINGET).int4(-1).stop(),
                        "memo entry 4294967295",
                        "LONG_BINGET"),
                new RefusedPickle(
                        "memo of nothing", protocol(4).op(Opcode.MEMOIZE).stop(), "the stack is empty", "MEMOIZE"),
                new RefusedPickle(
                        "no mark",
                        protocol(4).op(Opcode.NONE, Opcode.TUPLE).stop(),
                        "no mark is on the stack",
                        "TUPLE"),
                new RefusedPickle(
                        "below the mark",
                        protocol(4).op(Opcode.NONE, Opcode.MARK, Opcode.TUPLE1).stop(),
                        "0 values are on the stack",
                        "TUPLE1"),
                new RefusedPickle(
                        "DUP at the mark",
                        protocol(4).op(Opcode.NONE, Opcode.MARK, Opcode.DUP).stop(),
                        "no value lies above",
                        "DUP"),
                new RefusedPickle("POP of nothing", protocol(4).op(Opcode.POP).stop(), "the stack is empty", "POP"),
                new RefusedPickle(
                        "an odd dictionary",
                        protocol(4)
                                .op(Opcode.EMPTY_DICT, Opcode.MARK, Opcode.NONE, Opcode.SETITEMS)
                                .stop(),
                        "a key without a value",
                        "SETITEMS"),
                new RefusedPickle(
                        "an item of a list",
                        protocol(4)
                                .op(Opcode.EMPTY_LIST, Opcode.NONE, Opcode.NONE, Opcode.SETITEM)
                                .stop(),
                        "a list is in the wrong place",
                        "SETITEM"),
                new RefusedPickle(
                        "an element of a tuple",
                        protocol(4)
                                .op(Opcode.EMPTY_TUPLE, Opcode.NONE, Opcode.APPEND)
                                .stop(),
                        "a tuple is in the wrong place",
                        "APPEND"),
                new RefusedPickle(
                        "bytes as a module",
                        protocol(4)
                                .data('o', 's')
                                .text("system")
                                .op(Opcode.STACK_GLOBAL)
                                .stop(),
                        "bytes is in the wrong place",
                        "STACK_GLOBAL"),
                new RefusedPickle(
                        "broken UTF-8",
                        protocol(4).op(Opcode.SHORT_BINUNICODE).raw(1, 0xff).stop(),
                        "not UTF-8",
                        "SHORT_BINUNICODE"),
                new RefusedPickle(
                        "a name without end",
                        protocol(4).op(Opcode.GLOBAL).raw('o', 's').buffer(),
                        "within a line of text",
                        "GLOBAL"),
                new RefusedPickle(
                        "a cut integer",
                        protocol(4).op(Opcode.BININT).raw(1, 2).buffer(),
                        "the file ends early",
                        "BININT"));
    }

    @Test
    void theOffsetIsTheInstructionsOwn() {
        new RefusedPickle(
                        "offset",
                        protocol(4)
                                .op(Opcode.NONE, Opcode.POP, Opcode.BINGET)
                                .raw(9)
                                .stop(),
                        "is not set at byte 4 ",
                        "BINGET")
                .check();
    }

    @Test
    void theLessUsedInstructionsWork() throws PickleException {
        ByteBuffer pickle = protocol(4)
                .op(Opcode.MARK)
                .op(Opcode.MARK, Opcode.NONE, Opcode.POP_MARK)
                .op(Opcode.MARK, Opcode.POP)
                .op(Opcode.NONE, Opcode.POP)
                .op(Opcode.LONG1)
                .raw(0)
                .op(Opcode.LONG4)
                .int4(2)
                .raw(0xfe, 0xff)
                .op(Opcode.MARK)
                .text("k")
                .op(Opcode.NEWTRUE, Opcode.DICT)
                .op(Opcode.MARK, Opcode.NEWFALSE, Opcode.LIST)
                .op(Opcode.BINUNICODE8)
                .int8(1)
                .raw('t')
                .op(Opcode.LONG_BINPUT)
                .int4(-1)
                .op(Opcode.POP, Opcode.LONG_BINGET)
                .int4(-1)
                .op(Opcode.TUPLE)
                .stop();
        assertThat(PickleReader.read("p", pickle)).isEqualTo(Tuple.of(0L, -2L, Map.of("k", true), List.of(false), "t"));
    }

    @Test
    void whatIsReadCannotBeChanged() throws PickleException {
        Object value = PickleReader.read("p", protocol(4).op(Opcode.EMPTY_LIST).stop());
        assertThat(value).asInstanceOf(InstanceOfAssertFactories.LIST).isUnmodifiable();
    }
}
