package io.portolan.checkpoints.pickle;

import static io.portolan.checkpoints.pickle.PickleBytes.empty;
import static io.portolan.checkpoints.pickle.PickleBytes.protocol;
import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocols 0 and 1, and the text of Python 2. */
class OldProtocolTest {

    @Test
    void linesOfTextAreNumbers() throws PickleException {
        ByteBuffer pickle = empty().op(Opcode.MARK)
                .op(Opcode.INT)
                .line("-12")
                .op(Opcode.INT)
                .line("01")
                .op(Opcode.INT)
                .line("00")
                .op(Opcode.INT)
                .line("1")
                .op(Opcode.LONG)
                .line("1208925819614629174706176L")
                .op(Opcode.LONG)
                .line("7")
                .op(Opcode.FLOAT)
                .line("1e+300")
                .op(Opcode.FLOAT)
                .line("-.5")
                .op(Opcode.FLOAT)
                .line("nan")
                .op(Opcode.FLOAT)
                .line("-inf")
                .op(Opcode.LIST)
                .stop();
        assertThat(PickleReader.read("p", pickle))
                .isEqualTo(Arrays.asList(
                        -12L,
                        true,
                        false,
                        1L,
                        BigInteger.ONE.shiftLeft(80),
                        7L,
                        1e300,
                        -0.5,
                        Double.NaN,
                        Double.NEGATIVE_INFINITY));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "plain;plain",
                "\\u03bb;\u03bb",
                "\\U0001f642;\ud83d\ude42",
                "\\u005cn;\\n",
                "\\n;\\n",
                "\u00e9;\u00e9"
            })
    void unicodeIsUnescaped(String line, String text) throws PickleException {
        assertThat(PickleReader.read("p", empty().op(Opcode.UNICODE).line(line).stop()))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {"'plain';plain", "\"it's\";it's", "'a\\nb\\t\\x41\\101\\'\\\\';`a\nb\tAA'\\`", "'';``"})
    void stringsAreUnescaped(String line, String text) throws PickleException {
        assertThat(PickleReader.read("p", empty().op(Opcode.STRING).line(line).stop()))
                .isEqualTo(text);
    }

    @Test
    void aStringOfPython2IsTheBytesOfAnArrayAndTheKeyOfADictionary() throws PickleException {
        ByteBuffer pickle = protocol(2)
                .op(Opcode.EMPTY_DICT, Opcode.SHORT_BINSTRING)
                .raw(1, 'w')
                .array(state -> state.shape(2)
                        .dtype("i1", "|")
                        .op(Opcode.NEWFALSE, Opcode.SHORT_BINSTRING)
                        .raw(2, 1, 0xff))
                .op(Opcode.SETITEM)
                .stop();
        assertThat(PickleReader.read("p", pickle))
                .isEqualTo(Map.of(
                        "w", ArrayData.of(ElementType.INT8, new long[] {2}, ByteBuffer.wrap(new byte[] {1, -1}))));
    }

    @Test
    void containersOfOldProtocolsAreCalls() throws PickleException {
        ByteBuffer pickle = protocol(2)
                .op(Opcode.MARK)
                .global("__builtin__", "set")
                .op(Opcode.EMPTY_LIST)
                .integer(5)
                .op(Opcode.APPEND, Opcode.TUPLE1, Opcode.REDUCE)
                .global("__builtin__", "frozenset")
                .op(Opcode.EMPTY_TUPLE, Opcode.REDUCE)
                .global("__builtin__", "bytearray")
                .text("\u00ff")
                .text("latin-1")
                .op(Opcode.TUPLE2, Opcode.REDUCE)
                .global("collections", "deque")
                .op(Opcode.EMPTY_LIST)
                .integer(3)
                .op(Opcode.TUPLE2, Opcode.REDUCE)
                .op(Opcode.LIST)
                .stop();
        assertThat(PickleReader.read("p", pickle))
                .isEqualTo(List.of(
                        List.of(5L),
                        List.of(),
                        ArrayData.of(ElementType.UINT8, new long[] {1}, ByteBuffer.wrap(new byte[] {-1})),
                        List.of()));
    }

    @Test
    void complexNumbersAreArraysWithoutAxes() throws PickleException {
        ByteBuffer pickle = protocol(2)
                .global("__builtin__", "complex")
                .op(Opcode.FLOAT)
                .line("1.5")
                .op(Opcode.FLOAT)
                .line("-2.0")
                .op(Opcode.TUPLE2, Opcode.REDUCE)
                .stop();
        assertThat(((ArrayData) PickleReader.read("p", pickle)).bytes().getDouble(8))
                .isEqualTo(-2.0);
    }

    @ParameterizedTest
    @MethodSource
    void wrongLinesAreRefused(RefusedPickle pickle) {
        pickle.check();
    }

    static Stream<RefusedPickle> wrongLinesAreRefused() {
        return Stream.of(
                wrong(Opcode.INT, "0x10"),
                wrong(Opcode.INT, ""),
                wrong(Opcode.INT, " 1"),
                wrong(Opcode.INT, "1_000"),
                wrong(Opcode.INT, "one"),
                wrong(Opcode.FLOAT, "0x1p3"),
                wrong(Opcode.FLOAT, "1d"),
                wrong(Opcode.FLOAT, "NaN"),
                wrong(Opcode.FLOAT, ""),
                wrong(Opcode.FLOAT, "."),
                wrong(Opcode.PUT, "-1"),
                wrong(Opcode.PUT, "9999999999999999999"),
                wrong(Opcode.GET, ""),
                wrong(Opcode.UNICODE, "\\u12"),
                wrong(Opcode.UNICODE, "\\Uffffffff"),
                wrong(Opcode.UNICODE, "\\ud800"),
                wrong(Opcode.STRING, "x"),
                wrong(Opcode.STRING, "'"),
                wrong(Opcode.STRING, "'x\""),
                wrong(Opcode.STRING, "'\\q'"),
                wrong(Opcode.STRING, "'\\x4'"),
                wrong(Opcode.STRING, "'\\'"),
                new RefusedPickle(
                        "a line without end",
                        empty().op(Opcode.NONE, Opcode.INT).raw('1').buffer(),
                        "within a line",
                        "INT"),
                new RefusedPickle(
                        "memo",
                        empty().op(Opcode.NONE, Opcode.GET).line("3").stop(),
                        "memo entry 3 is not set",
                        "GET"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(dp0\n", "}q\0", "(lp0\n", "ccollections\nOrderedDict\n", "(I1\n"})
    void filesWithoutAHeaderAreTold(String start) {
        assertThat(PickleReader.matches(ByteBuffer.wrap(start.getBytes(StandardCharsets.ISO_8859_1))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "(", "# notes", "{\"a\": 1}", "config: 3", "class A:\n", "PK\3\4", "version https"})
    void otherTextIsNoPickle(String start) {
        assertThat(PickleReader.matches(ByteBuffer.wrap(start.getBytes(StandardCharsets.ISO_8859_1))))
                .isFalse();
    }

    private static RefusedPickle wrong(Opcode opcode, String line) {
        return new RefusedPickle(
                opcode + " " + line, empty().op(Opcode.NONE, opcode).line(line).stop(), " at byte 1 ", opcode.name());
    }
}
