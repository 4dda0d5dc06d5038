package io.portolan.checkpoints.pickle;

import static io.portolan.checkpoints.pickle.PickleBytes.protocol;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Tuple;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Arrays of objects, and the arrays between the instructions that joblib writes. */
class ObjectArrayTest {
    private static final UnaryOperator<PickleBytes> FOUR = p ->
            p.op(Opcode.MARK).text("a").op(Opcode.NONE).text("b").integer(3).op(Opcode.LIST);

    @Test
    void objectsAreArrangedRowByRow() throws PickleException {
        assertThat(PickleReader.read("p", objects(FOUR, 2, 2)))
                .isEqualTo(List.of(Arrays.asList("a", null), List.of("b", 3L)));
        assertThat(PickleReader.read("p", objects(FOUR, 4))).isEqualTo(Arrays.asList("a", null, "b", 3L));
        assertThat(PickleReader.read("p", objects(p -> p.op(Opcode.EMPTY_LIST), 3, 0)))
                .isEqualTo(List.of());
    }

    @Test
    void anArrayWithoutAxesIsItsElement() throws PickleException {
        assertThat(PickleReader.read(
                        "p", objects(p -> p.op(Opcode.EMPTY_LIST).text("only").op(Opcode.APPEND))))
                .isEqualTo("only");
    }

    @Test
    void matricesAndMappedArraysOfOldVersionsHoldOnlyTheirElements() throws PickleException {
        for (String[] type : new String[][] {
            {"numpy.matrixlib.defmatrix", "matrix"}, {"numpy.core.memmap", "memmap"}, {"numpy", "matrix"}
        }) {
            ByteBuffer pickle =
                    joblib("C", 1, type[0], type[1]).raw(0, 0, 0, 0x80, 0x3f).stop();
            assertThat(PickleReader.read("p", pickle)).isEqualTo(ArrayData.ofFloats(new long[] {1}, 1));
        }
    }

    @Test
    void textOfOneLengthStandsBetweenTheInstructions() throws PickleException {
        ByteBuffer pickle = joblib("C", 2, "numpy", "ndarray", "S2")
                .raw(0, 'a', 'b', 'c', 0)
                .stop();
        InertObject array = (InertObject) PickleReader.read("p", pickle);
        assertThat(((Tuple) array.state()).elements().get(4))
                .isEqualTo(ArrayData.of(ElementType.UINT8, new long[] {4}, ByteBuffer.wrap("abc\0".getBytes(UTF_8))));
    }

    static Stream<RefusedPickle> whatIsMalformedIsRefused() {
        int[] manyAxes = new int[64];
        Arrays.fill(manyAxes, 1);
        manyAxes[0] = 20_000;
        return Stream.of(
                new RefusedPickle("too few", objects(FOUR, 5), "4 objects in an array", "BUILD"),
                new RefusedPickle(
                        "a product that overflows",
                        objects(FOUR, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, 2),
                        "4 objects in an array",
                        "BUILD"),
                new RefusedPickle("bytes", objects(p -> p.data(1, 2), 2), "bytes is in the wrong place", "BUILD"),
                new RefusedPickle(
                        "many lists",
                        objects(
                                p -> {
                                    p.op(Opcode.EMPTY_LIST);
                                    IntStream.range(0, 20_000).forEach(i -> p.op(Opcode.NONE, Opcode.APPEND));
                                    return p;
                                },
                                manyAxes),
                        "more elements of object arrays",
                        "BUILD"),
                new RefusedPickle(
                        "itself",
                        protocol(4)
                                .unfilledArray()
                                .op(Opcode.MEMOIZE, Opcode.MARK)
                                .integer(1)
                                .shape(1)
                                .dtype("O8", "|")
                                .op(Opcode.NEWFALSE, Opcode.EMPTY_LIST, Opcode.BINGET)
                                .raw(0)
                                .op(Opcode.APPEND, Opcode.TUPLE, Opcode.BUILD)
                                .stop(),
                        "contains itself",
                        "STOP"),
                new RefusedPickle("joblib, cut", joblib("C", 3).raw(9).stop(), "the file has", "BUILD"),
                new RefusedPickle(
                        "joblib, padding beyond the end",
                        joblib("C", 1).raw(200).stop(),
                        "the file has",
                        "BUILD"),
                new RefusedPickle(
                        "joblib, order", joblib("Z", 1).raw(0, 0, 0, 0, 0).stop(), "array order 'Z'", "BUILD"),
                new RefusedPickle(
                        "joblib, class",
                        protocol(4)
                                .global("joblib.numpy_pickle", "NumpyArrayWrapper")
                                .op(Opcode.EMPTY_TUPLE, Opcode.NEWOBJ, Opcode.EMPTY_DICT, Opcode.BUILD)
                                .stop(),
                        "expected the class of an array",
                        "BUILD"),
                new RefusedPickle(
                        "joblib, records",
                        joblib("C", 1, "numpy", "ndarray", "V4")
                                .raw(0, 1, 2, 3, 4)
                                .stop(),
                        "an array of records",
                        "BUILD"),
                new RefusedPickle(
                        "joblib, more text than the file has",
                        joblib("C", 1, "numpy", "ndarray", "S999999999")
                                .raw(0, 1, 2, 3, 4)
                                .stop(),
                        "",
                        "BUILD"),
                new RefusedPickle(
                        "joblib, never filled",
                        protocol(4)
                                .global("joblib.numpy_pickle", "NumpyArrayWrapper")
                                .op(Opcode.EMPTY_TUPLE, Opcode.NEWOBJ)
                                .stop(),
                        "never filled",
                        "STOP"));
    }

    @ParameterizedTest
    @MethodSource
    void whatIsMalformedIsRefused(RefusedPickle pickle) {
        pickle.check();
    }

    private static ByteBuffer objects(UnaryOperator<PickleBytes> list, int... shape) {
        return protocol(4)
                .array(p -> list.apply(p.shape(shape).dtype("O8", "|").op(Opcode.NEWFALSE)))
                .stop();
    }

    /** An array of joblib up to its BUILD. */
    private static PickleBytes joblib(String order, int size) {
        return joblib(order, size, "numpy", "ndarray");
    }

    private static PickleBytes joblib(String order, int size, String module, String subclass) {
        return joblib(order, size, module, subclass, "f4");
    }

    private static PickleBytes joblib(String order, int size, String module, String subclass, String code) {
        return protocol(4)
                .global("joblib.numpy_pickle", "NumpyArrayWrapper")
                .op(Opcode.EMPTY_TUPLE, Opcode.NEWOBJ, Opcode.EMPTY_DICT, Opcode.MARK)
                .text("subclass")
                .global(module, subclass)
                .text("shape")
                .shape(size)
                .text("order")
                .text(order)
                .text("dtype")
                .dtype(code, "<")
                .text("numpy_array_alignment_bytes")
                .integer(16)
                .op(Opcode.SETITEMS, Opcode.BUILD);
    }
}
