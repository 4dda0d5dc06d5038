package io.portolan.checkpoints.pickle;

import static io.portolan.checkpoints.pickle.PickleBytes.protocol;
import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Tuple;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text, dates and the like of numpy: records, of which every byte is accounted for. */
class OtherElementsTest {

    @ParameterizedTest
    @ValueSource(strings = {"S0", "S4", "U1", "V8", "M8", "m8", "f16", "f12", "c32", "c24"})
    void aDtypeIsARecordOfItsCode(String code) throws PickleException {
        InertObject dtype = (InertObject)
                PickleReader.read("p", protocol(4).dtype(code, "<").stop());
        assertThat(dtype.qualifiedName()).isEqualTo("numpy.dtype");
        assertThat(dtype.arguments()).contains(code);
        assertThat(((Tuple) dtype.state()).elements()).startsWith(3L, "<");
    }

    @Test
    void anArrayIsARecordOfItsState() throws PickleException {
        InertObject array = (InertObject) PickleReader.read(
                "p",
                protocol(4)
                        .array(p ->
                                p.shape(2).dtype("S2", "|").op(Opcode.NEWFALSE).data('a', 'b', 'c', 0))
                        .stop());
        assertThat(array.qualifiedName()).isEqualTo("numpy.ndarray");
        List<Object> state = ((Tuple) array.state()).elements();
        assertThat(state.get(1)).isEqualTo(Tuple.of(2L));
        assertThat(state.get(3)).isEqualTo(false);
        assertThat(((ArrayData) state.get(4)).byteCount()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"<, 97, 0", ">, 0, 97"})
    void aTextIsReadInItsByteOrder(String order, int first, int last) throws PickleException {
        assertThat(scalar("U1", order, first, 0, 0, last).arguments().get(1)).isEqualTo("a");
    }

    @Test
    void whatIsNoTextStaysBytes() throws PickleException {
        assertThat(scalar("U1", "<", 0, 0, 0, 0x7f).arguments().get(1)).isInstanceOf(ArrayData.class);
    }

    @ParameterizedTest
    @CsvSource({"S1, bytes_", "V1, void"})
    void aScalarBearsTheNameOfItsClass(String code, String type) throws PickleException {
        assertThat(scalar(code, "|", 1).qualifiedName()).isEqualTo("numpy." + type);
    }

    private static InertObject scalar(String code, String order, int... data) throws PickleException {
        return (InertObject) PickleReader.read(
                "p",
                protocol(4)
                        .global("numpy.core.multiarray", "scalar")
                        .dtype(code, order)
                        .data(data)
                        .op(Opcode.TUPLE2, Opcode.REDUCE)
                        .stop());
    }

    @ParameterizedTest
    @MethodSource
    void shapesThatDoNotFitAreRefused(RefusedPickle pickle) {
        pickle.check();
    }

    static List<RefusedPickle> shapesThatDoNotFitAreRefused() {
        return List.of(
                array("too few bytes", "U2", 2, "4 bytes for shape [2] of 'U2'"),
                array("too many bytes", "S1", 2, "4 bytes for shape [2] of 'S1'"),
                array("a negative dimension", "S1", -4, "a dimension of -4"),
                array("a product that overflows", "U999999999", Integer.MAX_VALUE, "4 bytes for shape"));
    }

    private static RefusedPickle array(String name, String code, int size, String problem) {
        return new RefusedPickle(
                name,
                protocol(4)
                        .array(p -> p.shape(size)
                                .dtype(code, "|")
                                .op(Opcode.NEWFALSE)
                                .data(1, 2, 3, 4))
                        .stop(),
                problem,
                "BUILD");
    }
}
