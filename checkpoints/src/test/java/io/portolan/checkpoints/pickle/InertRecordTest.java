package io.portolan.checkpoints.pickle;

import static io.portolan.checkpoints.pickle.PickleBytes.protocol;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Tuple;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of objects that are not arrays: notes of what was there. */
class InertRecordTest {

    @Test
    void aNamedTupleIsARecordOfItsFields() throws PickleException {
        ByteBuffer pickle = protocol(2)
                .global("optax._src.transform", "TraceState")
                .integer(1)
                .op(Opcode.TUPLE1, Opcode.NEWOBJ)
                .stop();
        assertThat(PickleReader.read("p", pickle))
                .isEqualTo(object(
                        InertObject.Form.RECORD,
                        "optax._src.transform",
                        "TraceState",
                        List.of(1L),
                        null,
                        List.of(),
                        Map.of()));
    }

    @Test
    void aDataclassIsARecordWithAState() throws PickleException {
        ByteBuffer pickle = protocol(4)
                .stackGlobal("train", "TrainState")
                .op(Opcode.EMPTY_TUPLE, Opcode.EMPTY_DICT, Opcode.NEWOBJ_EX)
                .op(Opcode.EMPTY_DICT)
                .text("step")
                .integer(3)
                .op(Opcode.SETITEM, Opcode.BUILD)
                .stop();
        assertThat(PickleReader.read("p", pickle))
                .isEqualTo(object(
                        InertObject.Form.RECORD,
                        "train",
                        "TrainState",
                        List.of(),
                        Map.of("step", 3L),
                        List.of(),
                        Map.of()));
    }

    @Test
    void oldProtocolsMakeRecordsByAFunction() throws PickleException {
        ByteBuffer pickle = protocol(1)
                .global("copy_reg", "_reconstructor")
                .op(Opcode.MARK)
                .global("optax", "EmptyState")
                .global("__builtin__", "tuple")
                .integer(1)
                .op(Opcode.TUPLE1, Opcode.TUPLE, Opcode.REDUCE)
                .stop();
        assertThat(PickleReader.read("p", pickle))
                .isEqualTo(
                        object(InertObject.Form.RECORD, "optax", "EmptyState", List.of(1L), null, List.of(), Map.of()));
    }

    @Test
    void anUnknownCallIsKeptAndNeverMade() throws PickleException {
        ByteBuffer pickle = protocol(2)
                .global("lab", "restore")
                .text("rm -rf /")
                .op(Opcode.TUPLE1, Opcode.REDUCE)
                .stop();
        assertThat(read(pickle))
                .isEqualTo(object(
                        InertObject.Form.OPAQUE, "lab", "restore", List.of("rm -rf /"), null, List.of(), Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "__main__, Config",
        "lab.models.vision, ViT.Config",
        "datetime, timedelta",
        "pathlib, PosixPath",
        "pathlib._local, PosixPath",
        "collections, Counter",
        "uuid, UUID",
        "builtins, ValueError",
        "builtins, BaseException",
        "exceptions, StopIteration",
        "inspect, Parameter",
        "argparse, Namespace",
        "numpy.random._pickle, __randomstate_ctor",
        "numpy.ma.core, _mareconstruct",
        "jax, ShapeDtypeStruct",
        "cloudpickle.cloudpickle, _make_function",
        "dill._dill, _create_function",
        "pandas._libs.tslibs.timestamps, _unpickle_timestamp"
    })
    void anyClassIsARecordOfItsArguments(String module, String name) throws PickleException {
        ByteBuffer pickle = protocol(4)
                .stackGlobal(module, name)
                .integer(1)
                .op(Opcode.TUPLE1, Opcode.REDUCE)
                .stop();
        assertThat(read(pickle))
                .isEqualTo(object(InertObject.Form.OPAQUE, module, name, List.of(1L), null, List.of(), Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"builtins, len", "numpy, sin", "jax.numpy, sum", "flax.linen.activation, gelu", "typing, Any"})
    void aFunctionIsAReference(String module, String name) throws PickleException {
        assertThat(read(protocol(4).stackGlobal(module, name).stop()))
                .isEqualTo(object(InertObject.Form.REFERENCE, module, name, List.of(), null, List.of(), Map.of()));
    }

    /** What a training state keeps as its apply function. */
    @Test
    void aMethodOfARecordAndAPartialFunctionAreRecords() throws PickleException {
        ByteBuffer method = protocol(4)
                .stackGlobal("builtins", "getattr")
                .stackGlobal("lab", "Model")
                .op(Opcode.EMPTY_TUPLE, Opcode.NEWOBJ)
                .text("apply")
                .op(Opcode.TUPLE2, Opcode.REDUCE)
                .stop();
        assertThat(((InertObject) read(method)).qualifiedName()).isEqualTo("builtins.getattr");
        ByteBuffer partial = protocol(4)
                .stackGlobal("functools", "partial")
                .stackGlobal("lab", "loss")
                .op(Opcode.TUPLE1, Opcode.REDUCE)
                .stop();
        assertThat(((InertObject) read(partial)).qualifiedName()).isEqualTo("functools.partial");
    }

    @Test
    void theTypeOfNoneIsARecord() throws PickleException {
        ByteBuffer pickle = protocol(4)
                .stackGlobal("builtins", "type")
                .op(Opcode.NONE, Opcode.TUPLE1, Opcode.REDUCE)
                .stop();
        assertThat(((InertObject) read(pickle)).qualifiedName()).isEqualTo("builtins.type");
    }

    @Test
    void keywordArgumentsAreTheLastOne() throws PickleException {
        ByteBuffer pickle = protocol(4)
                .stackGlobal("jax", "P")
                .text("x")
                .op(Opcode.TUPLE1, Opcode.EMPTY_DICT)
                .text("reduced")
                .op(Opcode.NONE, Opcode.SETITEM, Opcode.NEWOBJ_EX)
                .stop();
        Map<Object, Object> keywords = new HashMap<>();
        keywords.put("reduced", null);
        assertThat(((InertObject) read(pickle)).arguments()).isEqualTo(List.of("x", keywords));
    }

    @Test
    void recordsAndTuplesAreKeys() throws PickleException {
        ByteBuffer pickle = protocol(4)
                .op(Opcode.EMPTY_DICT)
                .stackGlobal("lab", "Color")
                .integer(1)
                .op(Opcode.TUPLE1, Opcode.REDUCE)
                .op(Opcode.NONE, Opcode.SETITEM)
                .text("a")
                .integer(1)
                .op(Opcode.TUPLE2, Opcode.NONE, Opcode.SETITEM)
                .stop();
        assertThat(((Map<?, ?>) read(pickle)).keySet().toArray())
                .containsExactly(
                        object(InertObject.Form.OPAQUE, "lab", "Color", List.of(1L), null, List.of(), Map.of()),
                        Tuple.of("a", 1L));
    }

    @Test
    void anUnknownNameIsKeptAsAReference() throws PickleException {
        assertThat(read(protocol(2).global("flax.linen.activation", "gelu").stop()))
                .isEqualTo(object(
                        InertObject.Form.REFERENCE,
                        "flax.linen.activation",
                        "gelu",
                        List.of(),
                        null,
                        List.of(),
                        Map.of()));
    }

    @Test
    void whatAnUnknownObjectGathersIsKept() throws PickleException {
        ByteBuffer pickle = protocol(2)
                .global("lab", "Config")
                .op(Opcode.EMPTY_TUPLE, Opcode.NEWOBJ)
                .op(Opcode.MARK)
                .integer(1)
                .op(Opcode.APPENDS)
                .text("k")
                .op(Opcode.NEWTRUE, Opcode.SETITEM)
                .text("state")
                .op(Opcode.BUILD)
                .stop();
        assertThat(read(pickle))
                .isEqualTo(object(
                        InertObject.Form.OPAQUE, "lab", "Config", List.of(), "state", List.of(1L), Map.of("k", true)));
    }

    @Test
    void aResultIsNotCalled() {
        ByteBuffer pickle = protocol(2)
                .global("lab", "find")
                .op(Opcode.EMPTY_TUPLE, Opcode.REDUCE)
                .op(Opcode.EMPTY_TUPLE, Opcode.REDUCE)
                .stop();
        assertThatThrownBy(() -> read(pickle)).hasMessageContaining("a record is in the wrong place");
    }

    @Test
    void knownGlobalsAreAsStrictAsEver() {
        ByteBuffer pickle = protocol(2)
                .global("numpy", "ndarray")
                .op(Opcode.EMPTY_TUPLE, Opcode.REDUCE)
                .stop();
        assertThatThrownBy(() -> read(pickle))
                .isExactlyInstanceOf(PickleException.class)
                .hasMessageContaining("numpy.ndarray is called");
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT1", "EXT2", "EXT4", "PERSID", "BINPERSID", "NEXT_BUFFER", "READONLY_BUFFER"})
    void whatIsNotInTheFileCannotBeKept(Opcode opcode) {
        assertThatThrownBy(() -> read(protocol(5).op(Opcode.NONE, opcode).stop()))
                .isExactlyInstanceOf(PickleException.class)
                .hasMessageContaining("refused at byte 3");
    }

    @Test
    void budgetsHoldForOpaqueObjects() {
        assertThatThrownBy(() -> read(protocol(2)
                        .global("a", "b")
                        .op(Opcode.EMPTY_TUPLE, Opcode.REDUCE)
                        .repeat(40, p -> p.op(Opcode.DUP, Opcode.TUPLE2))
                        .stop()))
                .hasMessageContaining("more values in the tree");
    }

    private static Object read(ByteBuffer pickle) throws PickleException {
        return PickleReader.read("p", pickle);
    }

    private static InertObject object(
            InertObject.Form form,
            String module,
            String name,
            List<Object> arguments,
            Object state,
            List<Object> items,
            Map<Object, Object> entries) {
        return new InertObject(form, module, name, arguments, state, items, entries);
    }
}
