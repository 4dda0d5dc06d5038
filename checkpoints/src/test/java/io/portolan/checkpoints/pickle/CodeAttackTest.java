package io.portolan.checkpoints.pickle;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pickles that would run code in Python. */
class CodeAttackTest {

    @ParameterizedTest
    @CsvSource({
        "os, system",
        "posix, system",
        "nt, system",
        "subprocess, Popen",
        "sys, exit",
        "builtins, eval",
        "builtins, exec",
        "builtins, getattr",
        "builtins, __import__",
        "builtins, open",
        "__builtin__, eval",
        "importlib, import_module",
        "runpy, run_path",
        "pty, spawn",
        "socket, socket",
        "shutil, rmtree",
        "ctypes, CDLL",
        "operator, attrgetter",
        "operator, methodcaller",
        "functools, partial",
        "pickle, loads",
        "numpy.testing._private.utils, runstring",
        "torch, FloatStorage",
        "numpy, core.multiarray._reconstruct",
        "numpy, load",
        "numpy.core.multiarray, __dict__",
        "'', ''"
    })
    void aGlobalOutsideTheTableIsRefusedWhereItIsNamed(String module, String name) {
        new RefusedPickle("GLOBAL", PickleBytes.protocol(2).global(module, name).text("id").op(Opcode.TUPLE1, Opcode.REDUCE).stop(),
                "the global '" + module + "." + name + "' is refused at byte 2", "GLOBAL").check();
        new RefusedPickle("STACK_GLOBAL",
                PickleBytes.protocol(4).stackGlobal(module, name).text("id").op(Opcode.TUPLE1, Opcode.REDUCE).stop(),
                "the global '" + module + "." + name + "' is refused", "STACK_GLOBAL").check();
    }

    @Test
    void theMessageSaysThatNothingWasExecuted() {
        assertThatThrownBy(() -> PickleReader.read("evil.pkl", PickleBytes.protocol(2).global("os", "system").stop()))
                .hasMessage("evil.pkl: the global 'os.system' is refused at byte 2 (GLOBAL): "
                        + "expected only constructors of arrays, containers and known records; nothing was executed");
    }

    @Test
    void lineBreaksAndLookAlikesAreShownEscaped() {
        new RefusedPickle("line break", PickleBytes.protocol(4).stackGlobal("os\n", "system\r").stop(),
                "'os\\u000a.system\\u000d'", "STACK_GLOBAL").check();
        new RefusedPickle("Cyrillic o", PickleBytes.protocol(4).stackGlobal("numpy", "ndarr\u0430y").stop(),
                "'numpy.ndarr\\u0430y'", "STACK_GLOBAL").check();
        new RefusedPickle("long", PickleBytes.protocol(4).stackGlobal("a".repeat(100_000), "b").stop(), "aaa'...", "STACK_GLOBAL").check();
    }

    @ParameterizedTest
    @EnumSource(names = {
        "EXT1", "EXT2", "EXT4", "PERSID", "BINPERSID", "NEXT_BUFFER", "READONLY_BUFFER"
    })
    void instructionsThatReachOutOfTheFileAreRefused(Opcode opcode) {
        new RefusedPickle(opcode.name(), PickleBytes.protocol(4).op(Opcode.NONE, Opcode.NONE, opcode).stop(), "refused", opcode.name())
                .check();
    }

    @ParameterizedTest
    @MethodSource
    void constructorsAreNotPutToOtherUses(RefusedPickle pickle) {
        pickle.check();
    }

    static Stream<RefusedPickle> constructorsAreNotPutToOtherUses() {
        return Stream.of(
                new RefusedPickle("a class that is only data", PickleBytes.protocol(4).global("numpy", "ndarray")
                        .op(Opcode.EMPTY_TUPLE, Opcode.REDUCE).stop(), "numpy.ndarray is called", "REDUCE"),
                new RefusedPickle("a call of text", PickleBytes.protocol(4).text("os.system")
                        .op(Opcode.EMPTY_TUPLE, Opcode.REDUCE).stop(), "text is in the wrong place", "REDUCE"),
                new RefusedPickle("arguments that are no tuple", PickleBytes.protocol(4).global("numpy", "dtype")
                        .op(Opcode.EMPTY_LIST, Opcode.REDUCE).stop(), "a list is in the wrong place", "REDUCE"),
                new RefusedPickle("BUILD on a dictionary", PickleBytes.protocol(4)
                        .op(Opcode.EMPTY_DICT, Opcode.EMPTY_DICT, Opcode.BUILD).stop(), "a dictionary is in the wrong place", "BUILD"),
                new RefusedPickle("BUILD on a global", PickleBytes.protocol(4).global("numpy", "dtype")
                        .op(Opcode.EMPTY_DICT, Opcode.BUILD).stop(), "a global is in the wrong place", "BUILD"),
                new RefusedPickle("another codec", PickleBytes.protocol(2).global("_codecs", "encode").text("b").text("zlib_codec")
                        .op(Opcode.TUPLE2, Opcode.REDUCE).stop(), "an unknown encoding", "REDUCE"),
                new RefusedPickle("a codec that is None", PickleBytes.protocol(2).global("_codecs", "encode").text("b")
                        .op(Opcode.NONE, Opcode.TUPLE2, Opcode.REDUCE).stop(), "an unknown encoding", "REDUCE"),
                new RefusedPickle("text beyond latin1", PickleBytes.protocol(2).global("_codecs", "encode").text("\u0100").text("latin1")
                        .op(Opcode.TUPLE2, Opcode.REDUCE).stop(), "character 256 is not latin1", "REDUCE"),
                new RefusedPickle("a subclass of ndarray", PickleBytes.protocol(4).global("numpy.core.multiarray", "_reconstruct")
                        .global("ml_dtypes", "bfloat16").shape(0).data('b').op(Opcode.TUPLE3, Opcode.REDUCE).stop(),
                        "an array of class ml_dtypes.bfloat16", "REDUCE"),
                new RefusedPickle("bytes(n)", PickleBytes.protocol(2).global("__builtin__", "bytes").integer(Integer.MAX_VALUE)
                        .op(Opcode.TUPLE1, Opcode.REDUCE).stop(), "a tuple of 1 values", "REDUCE"));
    }

    @Test
    void everyByteIsEitherAnInstructionOrRefused() {
        for (int code = 0; code < 256; code++) {
            int candidate = code;
            if (Arrays.stream(Opcode.values()).noneMatch(opcode -> opcode.code() == candidate)) {
                new RefusedPickle("byte " + code, PickleBytes.protocol(4).raw(code).stop(), "no such instruction",
                        String.format("0x%02x", code)).check();
            }
        }
    }
}
