package io.portolan.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.pickle.PickleReader;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Tuple;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One small tree in every format, dialect and container that Python writes, through the entry point. */
class EverySampleTest {

    @ParameterizedTest
    @CsvSource({
        "numpy1_protocol0.pkl, pickle protocol 0 or 1",
        "numpy1_protocol1.pkl, pickle protocol 0 or 1",
        "numpy1_protocol2.pkl, pickle protocol 2",
        "numpy1_protocol3.pkl, pickle protocol 3",
        "numpy1_protocol4.pkl, pickle protocol 4",
        "numpy1_protocol5.pkl, pickle protocol 5",
        "numpy2_protocol0.pkl, pickle protocol 0 or 1",
        "numpy2_protocol1.pkl, pickle protocol 0 or 1",
        "numpy2_protocol2.pkl, pickle protocol 2",
        "numpy2_protocol3.pkl, pickle protocol 3",
        "numpy2_protocol4.pkl, pickle protocol 4",
        "numpy2_protocol5.pkl, pickle protocol 5",
        "jax_array_protocol4.pkl, pickle protocol 4",
        "jax_array_protocol5.pkl, pickle protocol 5",
        "frozen_dict_protocol4.pkl, pickle protocol 4",
        "optax_state_protocol4.pkl, pickle protocol 4",
        "train_state_dict_protocol4.pkl, pickle protocol 4",
        "training_args_protocol4.pkl, pickle protocol 4",
        "bare_tree_protocol4.pkl, pickle protocol 4",
        "numpy2_protocol4.pkl.gz, pickle protocol 4 in gzip",
        "numpy2_protocol4.pkl.xz, pickle protocol 4 in xz",
        "numpy2_protocol4.pkl.bz2, pickle protocol 4 in bzip2",
        "numpy2_protocol4.pkl.zst, pickle protocol 4 in zstd",
        "numpy2_protocol4.zip, pickle protocol 4 in zip",
        "numpy2_protocol4.tar, pickle protocol 4 in tar",
        "numpy2_protocol4.tar.gz, pickle protocol 4 in tar in gzip",
        "numpy2_protocol4.tar.xz, pickle protocol 4 in tar in xz",
        "flax.msgpack, msgpack",
        "flax_chunked.msgpack, msgpack",
        "params.npz, npz",
        "params_compressed.npz, npz",
        "params.safetensors, safetensors",
        "numpy2_expected.npz, npz"
    })
    void theTreeIsTheSame(String sample, String format) throws IOException {
        OpenedCheckpoint opened = Checkpoints.open(FormatSample.file(sample), ReadOptions.defaults());

        assertThat(opened.checkpoint().parameters())
                .isEqualTo(expected(sample.startsWith("numpy1") ? "numpy1" : "numpy2"));
        assertThat(opened.format()).hasToString(format).isEqualTo(Checkpoints.detect(FormatSample.file(sample)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "numpy1_dtypes_protocol4.pkl",
                "numpy1_dtypes_protocol5.pkl",
                "numpy2_dtypes_protocol4.pkl",
                "numpy2_dtypes_protocol5.pkl",
                "numpy1_dtypes_expected.npz",
                "numpy2_dtypes_expected.npz"
            })
    void everyElementTypeAndLayoutIsFoundAtTheTopLevel(String sample) throws IOException {
        OpenedCheckpoint opened = Checkpoints.open(FormatSample.file(sample), ReadOptions.defaults());
        assertThat(opened.parametersAt()).isEqualTo(".");
        assertThat(opened.checkpoint().parameters().arrays())
                .isEqualTo(NpzArchive.read(FormatSample.file(sample.substring(0, 6) + "_dtypes_expected.npz")));
    }

    @Test
    void eightBitFloatsKeepTheirBits() throws IOException {
        ArrayData array = Checkpoints.read(FormatSample.file("float8_protocol4.pkl"))
                .parameters()
                .find("w")
                .orElseThrow();
        assertThat(array).isEqualTo(ArrayData.of(ElementType.FLOAT8_E4M3FN, new long[] {3}, array.bytes()));
        assertThat(array.bytes().remaining()).isEqualTo(3);
    }

    @Test
    void aBareArrayGoesByNumpysNameForIt() throws IOException {
        assertThat(Checkpoints.read(FormatSample.file("kernel_fortran.npy"))
                        .parameters()
                        .arrays())
                .isEqualTo(
                        Map.of("arr_0", expected("numpy2").find("head/kernel").orElseThrow()));
    }

    @Test
    void twoSetsOfParametersAreAmbiguous() throws IOException {
        assertThatThrownBy(() -> Checkpoints.read(FormatSample.file("ema_and_params_protocol4.pkl")))
                .hasMessageContaining("parameters in several places: 'params', 'ema_params'")
                .isInstanceOfSatisfying(
                        ParameterPlaceException.class,
                        ambiguous -> assertThat(ambiguous.places()).containsExactly("params", "ema_params"));

        Checkpoint chosen = Checkpoints.read(
                FormatSample.file("ema_and_params_protocol4.pkl"),
                ReadOptions.defaults().withParametersAt("ema_params"));
        assertThat(chosen.parameters()).isEqualTo(expected("numpy2"));
        assertThat(chosen.metadata()).containsOnlyKeys("params", "config");
    }

    @Test
    void optaxStatesAreInertRecordsWithTheirNames() throws IOException {
        Checkpoint checkpoint = Checkpoints.read(FormatSample.file("optax_state_protocol4.pkl"));
        List<?> state = ((Tuple) checkpoint.metadata().get("opt_state")).elements();

        assertThat(state.get(0))
                .isEqualTo(new InertObject(
                        InertObject.Form.RECORD,
                        "optax._src.base",
                        "EmptyState",
                        List.of(),
                        null,
                        List.of(),
                        Map.of()));
        InertObject adam = (InertObject) ((Tuple) state.get(1)).elements().get(0);
        assertThat(adam.qualifiedName()).isEqualTo("optax._src.transform.ScaleByAdamState");
        assertThat(adam.arguments()).hasSize(3);
        assertThat(adam.arguments().get(1))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsKeys("conv1", "head");
    }

    @ParameterizedTest
    @ValueSource(strings = {"numpy1", "numpy2"})
    void plainPythonValuesComeThrough(String numpy) throws IOException {
        Map<?, ?> read = (Map<?, ?>) PickleReader.read(
                "misc", ByteBuffer.wrap(Files.readAllBytes(FormatSample.file(numpy + "_misc_protocol4.pkl"))));
        assertThat(read.get("tuple")).isEqualTo(Tuple.of(1L, Tuple.of(2L, 3L), Tuple.of()));
        assertThat(read.get("list")).isEqualTo(List.of(1L, List.of(2L)));
        assertThat(read.get("set")).isEqualTo(List.of(1L, 2L));
        assertThat(read.get("fset")).isEqualTo(List.of(3L));
        assertThat(read.get("ordered")).isEqualTo(Map.of("b", 1L, "a", 2L));
        assertThat(read.get("default")).isEqualTo(Map.of("x", List.of(1L)));
        assertThat(read.get("deque")).isEqualTo(List.of(1L, 2L));
        assertThat(read.get("text")).isEqualTo("\u03bb_Q");
    }

    private static ParameterTree expected(String numpy) throws IOException {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        NpzArchive.read(FormatSample.file(numpy + "_expected.npz"))
                .forEach((key, array) ->
                        arrays.put(key.replaceFirst("^params\\.", "").replace('.', '/'), array));
        return ParameterTree.of(arrays);
    }
}
