package io.portolan.checkpoints.pickle;

import static io.portolan.checkpoints.pickle.PickleBytes.protocol;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.InertObject;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records of known libraries, and what the lenient reader makes of everything else: notes of what was there. */
class LenientTest {

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
                .global("os", "system")
                .text("rm -rf /")
                .op(Opcode.TUPLE1, Opcode.REDUCE)
                .stop();
        assertThat(lenient(pickle))
                .isEqualTo(object(
                        InertObject.Form.OPAQUE, "os", "system", List.of("rm -rf /"), null, List.of(), Map.of()));
    }

    @Test
    void anUnknownNameIsKeptAsAReference() throws PickleException {
        assertThat(lenient(protocol(2).global("flax.linen.activation", "gelu").stop()))
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
        assertThat(lenient(pickle))
                .isEqualTo(object(
                        InertObject.Form.OPAQUE, "lab", "Config", List.of(), "state", List.of(1L), Map.of("k", true)));
    }

    @Test
    void theCallOfAResultIsOpaqueAsWell() throws PickleException {
        ByteBuffer pickle = protocol(2)
                .global("builtins", "getattr")
                .op(Opcode.EMPTY_TUPLE, Opcode.REDUCE)
                .op(Opcode.EMPTY_TUPLE, Opcode.REDUCE)
                .stop();
        assertThat(((InertObject) lenient(pickle)).qualifiedName()).isEqualTo("builtins.getattr()");
    }

    @Test
    void knownGlobalsAreAsStrictAsEver() {
        ByteBuffer pickle = protocol(2)
                .global("numpy", "ndarray")
                .op(Opcode.EMPTY_TUPLE, Opcode.REDUCE)
                .stop();
        assertThatThrownBy(() -> lenient(pickle))
                .isExactlyInstanceOf(PickleException.class)
                .hasMessageContaining("numpy.ndarray is called");
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT1", "EXT2", "EXT4", "PERSID", "BINPERSID", "NEXT_BUFFER", "READONLY_BUFFER"})
    void whatIsNotInTheFileCannotBeKept(Opcode opcode) {
        assertThatThrownBy(() -> lenient(protocol(5).op(Opcode.NONE, opcode).stop()))
                .isExactlyInstanceOf(PickleException.class)
                .hasMessageContaining("refused at byte 3");
    }

    @Test
    void budgetsHoldForOpaqueObjects() {
        assertThatThrownBy(() -> lenient(protocol(2)
                        .global("a", "b")
                        .op(Opcode.EMPTY_TUPLE, Opcode.REDUCE)
                        .repeat(40, p -> p.op(Opcode.DUP, Opcode.TUPLE2))
                        .stop()))
                .hasMessageContaining("more values in the tree");
    }

    private static Object lenient(ByteBuffer pickle) throws PickleException {
        return PickleReader.readLeniently("p", ByteRegion.of(pickle), Budget.forFile(pickle.remaining()));
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
