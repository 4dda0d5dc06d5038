package io.portolan.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.pickle.PickleReader;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.Tuple;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One tree in every dialect that Python, numpy 1 and numpy 2 write. */
class DialectTest {

    static Stream<String> protocols() {
        return Stream.of("numpy1", "numpy2")
                .flatMap(numpy -> IntStream.rangeClosed(2, 5).mapToObj(p -> numpy + "_protocol" + p));
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void everyProtocolGivesTheSameTree(String sample) throws IOException {
        Checkpoint checkpoint = Checkpoints.read(FormatSample.file(sample + ".pkl"));

        assertThat(checkpoint.parameters().arrays()).isEqualTo(expected(sample.substring(0, 6) + "_expected.npz"));
        assertThat(checkpoint.epoch()).hasValue(19);
        assertThat(checkpoint.step()).hasValue(12345);
    }

    @ParameterizedTest
    @CsvSource({"numpy1, 4", "numpy1, 5", "numpy2, 4", "numpy2, 5"})
    void everyElementTypeAndLayoutIsRead(String numpy, int protocol) throws IOException {
        assertThat(pickle(numpy + "_dtypes_protocol" + protocol + ".pkl"))
                .isEqualTo(expected(numpy + "_dtypes_expected.npz"));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 5})
    void axesAndBytesComeIntoRowMajorLittleEndianOrder(int protocol) throws IOException {
        assertThat(Checkpoints.read(FormatSample.file("layouts_protocol" + protocol + ".pkl"))
                        .parameters()
                        .arrays())
                .isEqualTo(expected("layouts_expected.npz"));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void bfloat16KeepsItsBits(int protocol) throws IOException {
        ArrayData read = Checkpoints.read(FormatSample.file("bfloat16_protocol" + protocol + ".pkl"))
                .parameters()
                .find("w")
                .orElseThrow();
        ArrayData bits = expected("bfloat16_expected_as_uint16.npz").get("w");

        assertThat(read).isEqualTo(ArrayData.of(ElementType.BFLOAT16, bits.shape(), bits.bytes()));
    }

    @Test
    void aFrozenDictIsADictionary() throws IOException {
        Checkpoint frozen = Checkpoints.read(FormatSample.file("frozen_dict_protocol4.pkl"));
        assertThat(frozen.parameters())
                .isEqualTo(Checkpoints.read(FormatSample.file("numpy2_protocol4.pkl"))
                        .parameters());
        assertThat(frozen.epoch()).hasValue(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"numpy1", "numpy2"})
    void aSharedArrayStandsAtEachOfItsPlaces(String numpy) throws IOException {
        ArrayData array = ArrayData.ofFloats(new long[] {4}, 0, 1, 2, 3);
        assertThat(Checkpoints.read(FormatSample.file(numpy + "_shared_memo.pkl"))
                        .parameters()
                        .arrays())
                .isEqualTo(Map.of("a", array, "b", array, "c/d", array));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void plainValuesComeThroughAsMetadata(int protocol) throws IOException {
        Checkpoint checkpoint = Checkpoints.read(FormatSample.file("values_protocol" + protocol + ".pkl"));

        Map<Object, Object> expected = new LinkedHashMap<>();
        expected.put("big", BigInteger.ONE.shiftLeft(80));
        expected.put("negative", -(1L << 40));
        expected.put("min", Long.MIN_VALUE);
        expected.put("pi", 3.5);
        expected.put("flags", Tuple.of(true, false, null));
        if (protocol >= 4) {
            expected.put("set", List.of(5L));
            expected.put("frozen", List.of("a"));
        }
        expected.put("list", List.of(1L, 300L, 70000L, -1L));
        expected.put(
                "bytes", ArrayData.of(ElementType.UINT8, new long[] {3}, ByteBuffer.wrap(new byte[] {0, -1, -128})));
        expected.put("text", "\u03bb na\u00efve \ud83d\ude42");
        expected.put("dtype", "int64");
        expected.put("half", ArrayData.of(ElementType.FLOAT16, new long[0], ByteBuffer.wrap(new byte[] {0, 0x3e})));
        expected.put(3L, "three");
        expected.put("pair", Tuple.of(1L, 2L));
        expected.put("four", Tuple.of(1L, 2L, 3L, 4L));
        assertThat(checkpoint.metadata()).isEqualTo(Map.of("meta", expected));
        assertThat(((Map<?, ?>) checkpoint.metadata().get("meta")).keySet().toArray())
                .isEqualTo(expected.keySet().toArray());
    }

    @Test
    void numpyScalarsCountEpochsAndStepsAndEmptyArraysStay() throws IOException {
        Checkpoint checkpoint = Checkpoints.read(FormatSample.file("values_protocol2.pkl"));
        assertThat(checkpoint.epoch()).hasValue(7);
        assertThat(checkpoint.step()).hasValue(40000);
        assertThat(checkpoint.parameters().find("none_of_it").orElseThrow().shape())
                .containsExactly(0, 3);
    }

    private static Map<String, ArrayData> expected(String archive) throws IOException {
        Map<String, ArrayData> paths = new LinkedHashMap<>();
        NpzArchive.read(FormatSample.file(archive))
                .forEach((key, array) ->
                        paths.put(key.replaceFirst("^params\\.", "").replace('.', '/'), array));
        return paths;
    }

    private static Object pickle(String sample) throws IOException {
        return PickleReader.read(sample, ByteBuffer.wrap(Files.readAllBytes(FormatSample.file(sample))));
    }
}
