package io.portolan.checkpoints.pickle;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
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
        "os, popen",
        "os, execve",
        "os.path, join",
        "posix, system",
        "nt, system",
        "subprocess, Popen",
        "subprocess, check_output",
        "commands, getoutput",
        "sys, exit",
        "sys, modules",
        "builtins, eval",
        "builtins, exec",
        "builtins, compile",
        "builtins, setattr",
        "builtins, globals",
        "builtins, vars",
        "builtins, __import__",
        "builtins, open",
        "builtins, print",
        "builtins, map",
        "__builtin__, eval",
        "__builtin__, execfile",
        "importlib, import_module",
        "importlib._bootstrap, _call_with_frames_removed",
        "imp, load_source",
        "runpy, run_path",
        "runpy, _run_code",
        "pty, spawn",
        "socket, socket",
        "socket, create_connection",
        "shutil, rmtree",
        "ctypes, CDLL",
        "code, InteractiveInterpreter",
        "codeop, compile_command",
        "bdb, Bdb",
        "pdb, run",
        "cProfile, run",
        "timeit, timeit",
        "trace, Trace",
        "asyncio.unix_events, _UnixSubprocessTransport",
        "multiprocessing.util, spawnv_passfds",
        "pydoc, pipepager",
        "pip, main",
        "ensurepip, _run_pip",
        "venv, create",
        "zipimport, zipimporter",
        "pkgutil, resolve_name",
        "types, CodeType",
        "types, FunctionType",
        "marshal, loads",
        "pickle, loads",
        "_pickle, loads",
        "operator, attrgetter",
        "operator, itemgetter",
        "operator, methodcaller",
        "_operator, methodcaller",
        "itertools, starmap",
        "weakref, finalize",
        "atexit, register",
        "signal, signal",
        "threading, Thread",
        "tempfile, mktemp",
        "pathlib, Path",
        "webbrowser, open",
        "http.client, HTTPSConnection",
        "urllib.request, urlopen",
        "requests.api, get",
        "aiohttp.client, ClientSession",
        "ssl, SSLContext",
        "smtplib, SMTP",
        "ftplib, FTP",
        "sqlite3, connect",
        "logging.config, listen",
        "idlelib.run, Executive",
        "lib2to3.pgen2.pgen, ParserGenerator",
        "distutils.file_util, write_file",
        "numpy.core.multiarray, __dict__",
        "torch, load",
        "torch, FloatStorage",
        "torch.storage, _load_from_bytes",
        "torch._utils, _rebuild_tensor_v2",
        "torch.hub, load",
        "torch.jit, load",
        "optax.EmptyState, __init__",
        "copyreg, add_extension",
        "copyreg, __newobj__",
        "collections, namedtuple",
        "_codecs, decode",
        "_codecs, lookup",
        "'', ''"
    })
    void whatAttacksAreMadeOfIsRefusedWhereItIsNamed(String module, String name) {
        new RefusedPickle(
                        "GLOBAL",
                        PickleBytes.protocol(2)
                                .global(module, name)
                                .text("id")
                                .op(Opcode.TUPLE1, Opcode.REDUCE)
                                .stop(),
                        "the global '" + module + "." + name + "' is refused at byte 2",
                        "GLOBAL")
                .check();
        new RefusedPickle(
                        "STACK_GLOBAL",
                        PickleBytes.protocol(4)
                                .stackGlobal(module, name)
                                .text("id")
                                .op(Opcode.TUPLE1, Opcode.REDUCE)
                                .stop(),
                        "the global '" + module + "." + name + "' is refused",
                        "STACK_GLOBAL")
                .check();
    }

    @ParameterizedTest
    @CsvSource({
        "builtins, getattr",
        "builtins, type",
        "functools, partial",
        "numpy.testing._private.utils, runstring",
        "numpy.f2py.crackfortran, getlincoef",
        "numpy, load",
        "numpy, fromfile",
        "numpy, core.multiarray._reconstruct",
        "numpy.core.multiarray, fromfile",
        "tensorflow, io.write_file",
        "jax, jit",
        "flax.core.frozen_dict, freeze",
        "optax, adam",
        "dill, loads",
        "joblib, load",
        "optax._src.base.os, system",
        "builtins, len",
        "operator, getitem",
        "_operator, getitem",
        "jax.experimental.serialize_executable, deserialize_and_load",
        "flax.serialization, msgpack_restore"
    })
    void aFunctionIsRefusedWhereItIsCalled(String module, String name) {
        new RefusedPickle(
                        "STACK_GLOBAL",
                        PickleBytes.protocol(4)
                                .stackGlobal(module, name)
                                .text("id")
                                .op(Opcode.TUPLE1, Opcode.REDUCE)
                                .stop(),
                        "the global '" + module + "." + name + "' is refused",
                        "REDUCE")
                .check();
    }

    @ParameterizedTest
    @CsvSource({"numpy, memmap", "numpy, matrix", "jax._src.array, ArrayImpl", "jax.numpy, float32"})
    void aClassThatIsOnlyDataIsNotCalled(String module, String name) {
        new RefusedPickle(
                        name,
                        PickleBytes.protocol(4)
                                .stackGlobal(module, name)
                                .text("id")
                                .op(Opcode.TUPLE1, Opcode.REDUCE)
                                .stop(),
                        module + "." + name + " is called",
                        "REDUCE")
                .check();
    }

    @ParameterizedTest
    @CsvSource({"NUMPY, dtype", "Os, system", "OS.path, join", "numpy, dtype.__class__", "lab.__class__, x", "'lab ', C"
    })
    void aNameThatLooksLikeAnotherIsRefused(String module, String name) {
        new RefusedPickle(
                        name,
                        PickleBytes.protocol(4).stackGlobal(module, name).stop(),
                        "the global '" + module + "." + name + "' is refused",
                        "STACK_GLOBAL")
                .check();
    }

    /** The two that stand for functions of a training state: of a record only, and not into Python's own attributes. */
    @Test
    void methodsAreTakenFromRecordsOnly() {
        for (PickleBytes object : List.of(
                PickleBytes.protocol(4).stackGlobal("builtins", "getattr").text("os"),
                PickleBytes.protocol(4).stackGlobal("builtins", "getattr").stackGlobal("numpy", "float32"))) {
            new RefusedPickle(
                            "getattr",
                            object.text("system")
                                    .op(Opcode.TUPLE2, Opcode.REDUCE)
                                    .stop(),
                            "the global 'builtins.getattr' is refused",
                            "REDUCE")
                    .check();
        }
        new RefusedPickle(
                        "getattr",
                        PickleBytes.protocol(4)
                                .stackGlobal("builtins", "getattr")
                                .stackGlobal("lab", "Model")
                                .text("__globals__")
                                .op(Opcode.TUPLE2, Opcode.REDUCE)
                                .stop(),
                        "the global 'builtins.getattr' is refused",
                        "REDUCE")
                .check();
    }

    @Test
    void classesAreNotMadeByType() {
        new RefusedPickle(
                        "type",
                        PickleBytes.protocol(4)
                                .stackGlobal("builtins", "type")
                                .text("Config")
                                .op(Opcode.EMPTY_TUPLE, Opcode.EMPTY_DICT, Opcode.TUPLE3, Opcode.REDUCE)
                                .stop(),
                        "the global 'builtins.type' is refused",
                        "REDUCE")
                .check();
    }

    /** The result of a call is not called, unless the call makes a class whose name is plain. */
    @Test
    void onlyClassesAreInstantiated() {
        for (String maker : new String[] {"_make_function", "_make_skeleton_class"}) {
            new RefusedPickle(
                            maker,
                            PickleBytes.protocol(4)
                                    .stackGlobal("cloudpickle.cloudpickle", maker)
                                    .op(Opcode.MARK, Opcode.NONE)
                                    .text("os\n")
                                    .op(Opcode.NONE, Opcode.NONE, Opcode.TUPLE, Opcode.REDUCE)
                                    .op(Opcode.EMPTY_TUPLE, Opcode.NEWOBJ)
                                    .stop(),
                            "a record is in the wrong place",
                            "NEWOBJ")
                    .check();
        }
    }

    @Test
    void theMessageSaysThatNothingWasExecuted() {
        assertThatThrownBy(() -> PickleReader.read(
                        "evil.pkl",
                        PickleBytes.protocol(2).global("os", "system").stop()))
                .hasMessage("evil.pkl: the global 'os.system' is refused at byte 2 (GLOBAL): "
                        + "expected arrays, containers and records only, since it is a part of Python itself; "
                        + "save the file again without it; nothing was executed");
    }

    @Test
    void lineBreaksAndLookAlikesAreShownEscaped() {
        new RefusedPickle(
                        "line break",
                        PickleBytes.protocol(4).stackGlobal("os\n", "system\r").stop(),
                        "'os\\u000a.system\\u000d'",
                        "STACK_GLOBAL")
                .check();
        new RefusedPickle(
                        "Cyrillic o",
                        PickleBytes.protocol(4)
                                .stackGlobal("numpy", "ndarr\u0430y")
                                .stop(),
                        "'numpy.ndarr\\u0430y'",
                        "STACK_GLOBAL")
                .check();
        new RefusedPickle(
                        "long",
                        PickleBytes.protocol(4)
                                .stackGlobal("a".repeat(100_000), "b")
                                .stop(),
                        "aaa'...",
                        "STACK_GLOBAL")
                .check();
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT1", "EXT2", "EXT4", "PERSID", "BINPERSID", "NEXT_BUFFER", "READONLY_BUFFER"})
    void instructionsThatReachOutOfTheFileAreRefused(Opcode opcode) {
        new RefusedPickle(
                        opcode.name(),
                        PickleBytes.protocol(4)
                                .op(Opcode.NONE, Opcode.NONE, opcode)
                                .stop(),
                        "refused",
                        opcode.name())
                .check();
    }

    @ParameterizedTest
    @MethodSource
    void constructorsAreNotPutToOtherUses(RefusedPickle pickle) {
        pickle.check();
    }

    static Stream<RefusedPickle> constructorsAreNotPutToOtherUses() {
        return Stream.of(
                new RefusedPickle(
                        "a class that is only data",
                        PickleBytes.protocol(4)
                                .global("numpy", "ndarray")
                                .op(Opcode.EMPTY_TUPLE, Opcode.REDUCE)
                                .stop(),
                        "numpy.ndarray is called",
                        "REDUCE"),
                new RefusedPickle(
                        "a call of text",
                        PickleBytes.protocol(4)
                                .text("os.system")
                                .op(Opcode.EMPTY_TUPLE, Opcode.REDUCE)
                                .stop(),
                        "text is in the wrong place",
                        "REDUCE"),
                new RefusedPickle(
                        "arguments that are no tuple",
                        PickleBytes.protocol(4)
                                .global("numpy", "dtype")
                                .op(Opcode.EMPTY_LIST, Opcode.REDUCE)
                                .stop(),
                        "a list is in the wrong place",
                        "REDUCE"),
                new RefusedPickle(
                        "BUILD on a dictionary",
                        PickleBytes.protocol(4)
                                .op(Opcode.EMPTY_DICT, Opcode.EMPTY_DICT, Opcode.BUILD)
                                .stop(),
                        "a dictionary is in the wrong place",
                        "BUILD"),
                new RefusedPickle(
                        "BUILD on a global",
                        PickleBytes.protocol(4)
                                .global("numpy", "dtype")
                                .op(Opcode.EMPTY_DICT, Opcode.BUILD)
                                .stop(),
                        "a global is in the wrong place",
                        "BUILD"),
                new RefusedPickle(
                        "another codec",
                        PickleBytes.protocol(2)
                                .global("_codecs", "encode")
                                .text("b")
                                .text("zlib_codec")
                                .op(Opcode.TUPLE2, Opcode.REDUCE)
                                .stop(),
                        "an unknown encoding",
                        "REDUCE"),
                new RefusedPickle(
                        "a codec that is None",
                        PickleBytes.protocol(2)
                                .global("_codecs", "encode")
                                .text("b")
                                .op(Opcode.NONE, Opcode.TUPLE2, Opcode.REDUCE)
                                .stop(),
                        "an unknown encoding",
                        "REDUCE"),
                new RefusedPickle(
                        "text beyond latin1",
                        PickleBytes.protocol(2)
                                .global("_codecs", "encode")
                                .text("\u0100")
                                .text("latin1")
                                .op(Opcode.TUPLE2, Opcode.REDUCE)
                                .stop(),
                        "character 256 is not latin1",
                        "REDUCE"),
                new RefusedPickle(
                        "a subclass of ndarray",
                        PickleBytes.protocol(4)
                                .global("numpy.core.multiarray", "_reconstruct")
                                .global("ml_dtypes", "bfloat16")
                                .shape(0)
                                .data('b')
                                .op(Opcode.TUPLE3, Opcode.REDUCE)
                                .stop(),
                        "an array of class ml_dtypes.bfloat16",
                        "REDUCE"),
                new RefusedPickle(
                        "a jax.Array made by something else",
                        PickleBytes.protocol(4)
                                .global("jax._src.array", "_reconstruct_array")
                                .op(Opcode.MARK)
                                .global("numpy", "dtype")
                                .op(
                                        Opcode.EMPTY_TUPLE,
                                        Opcode.EMPTY_TUPLE,
                                        Opcode.EMPTY_DICT,
                                        Opcode.TUPLE,
                                        Opcode.REDUCE)
                                .stop(),
                        "a jax.Array made by numpy.dtype",
                        "REDUCE"),
                new RefusedPickle(
                        "a record by keywords",
                        PickleBytes.protocol(4)
                                .global("optax", "State")
                                .op(Opcode.EMPTY_TUPLE)
                                .op(Opcode.EMPTY_DICT)
                                .text("a")
                                .op(Opcode.NONE, Opcode.SETITEM, Opcode.NEWOBJ_EX)
                                .stop(),
                        "made with keyword arguments",
                        "NEWOBJ_EX"),
                new RefusedPickle(
                        "a record that is a list",
                        PickleBytes.protocol(4)
                                .global("optax", "State")
                                .op(Opcode.EMPTY_TUPLE, Opcode.NEWOBJ, Opcode.NONE, Opcode.APPEND)
                                .stop(),
                        "a record is in the wrong place",
                        "APPEND"),
                new RefusedPickle(
                        "a record that is a dictionary",
                        PickleBytes.protocol(4)
                                .global("optax", "State")
                                .op(Opcode.EMPTY_TUPLE, Opcode.NEWOBJ, Opcode.NONE, Opcode.NONE, Opcode.SETITEM)
                                .stop(),
                        "a record is in the wrong place",
                        "SETITEM"),
                new RefusedPickle(
                        "a record that is called",
                        PickleBytes.protocol(4)
                                .global("optax", "State")
                                .op(Opcode.EMPTY_TUPLE, Opcode.NEWOBJ, Opcode.EMPTY_TUPLE, Opcode.REDUCE)
                                .stop(),
                        "a record is in the wrong place",
                        "REDUCE"),
                new RefusedPickle(
                        "a record with two states",
                        PickleBytes.protocol(4)
                                .global("optax", "State")
                                .op(
                                        Opcode.EMPTY_TUPLE,
                                        Opcode.NEWOBJ,
                                        Opcode.EMPTY_DICT,
                                        Opcode.BUILD,
                                        Opcode.EMPTY_DICT,
                                        Opcode.BUILD)
                                .stop(),
                        "has its state already",
                        "BUILD"),
                new RefusedPickle(
                        "a record whose state is text",
                        PickleBytes.protocol(4)
                                .global("optax", "State")
                                .op(Opcode.EMPTY_TUPLE, Opcode.NEWOBJ)
                                .text("x")
                                .op(Opcode.BUILD)
                                .stop(),
                        "text is in the wrong place",
                        "BUILD"),
                new RefusedPickle(
                        "INST of something unknown",
                        PickleBytes.empty()
                                .op(Opcode.MARK, Opcode.INST)
                                .raw('o', 's', '\n', 'x', '\n')
                                .stop(),
                        "the global 'os.x' is refused",
                        "INST"),
                new RefusedPickle(
                        "OBJ of text",
                        PickleBytes.protocol(1)
                                .op(Opcode.MARK)
                                .text("os")
                                .op(Opcode.OBJ)
                                .stop(),
                        "text is in the wrong place",
                        "OBJ"),
                new RefusedPickle(
                        "OBJ of nothing",
                        PickleBytes.protocol(1).op(Opcode.MARK, Opcode.OBJ).stop(),
                        "no class",
                        "OBJ"),
                new RefusedPickle(
                        "_reconstructor of something unknown",
                        PickleBytes.protocol(1)
                                .global("copy_reg", "_reconstructor")
                                .global("os", "x")
                                .stop(),
                        "the global 'os.x' is refused",
                        "GLOBAL"),
                new RefusedPickle(
                        "defaultdict with a call as factory",
                        PickleBytes.protocol(4)
                                .global("collections", "defaultdict")
                                .text("os.system")
                                .op(Opcode.TUPLE1, Opcode.REDUCE)
                                .stop(),
                        "text is in the wrong place",
                        "REDUCE"),
                new RefusedPickle(
                        "int('9' * n)",
                        PickleBytes.protocol(4)
                                .global("builtins", "int")
                                .text("9")
                                .op(Opcode.TUPLE1, Opcode.REDUCE)
                                .stop(),
                        "builtins.int is called",
                        "REDUCE"),
                new RefusedPickle(
                        "bytearray(n)",
                        PickleBytes.protocol(4)
                                .global("builtins", "bytearray")
                                .integer(Integer.MAX_VALUE)
                                .op(Opcode.TUPLE1, Opcode.REDUCE)
                                .stop(),
                        "an integer is in the wrong place",
                        "REDUCE"),
                new RefusedPickle(
                        "bytes(n)",
                        PickleBytes.protocol(2)
                                .global("__builtin__", "bytes")
                                .integer(Integer.MAX_VALUE)
                                .op(Opcode.TUPLE1, Opcode.REDUCE)
                                .stop(),
                        "a tuple of 1 values",
                        "REDUCE"));
    }

    @Test
    void everyByteIsEitherAnInstructionOrRefused() {
        for (int code = 0; code < 256; code++) {
            int candidate = code;
            if (Arrays.stream(Opcode.values()).noneMatch(opcode -> opcode.code() == candidate)) {
                new RefusedPickle(
                                "byte " + code,
                                PickleBytes.protocol(4).raw(code).stop(),
                                "no such instruction",
                                String.format("0x%02x", code))
                        .check();
            }
        }
    }
}
