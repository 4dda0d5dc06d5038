package io.portolan.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.InertObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints as laboratories write them with JAX, Flax, Optax, Haiku, dill and cloudpickle. */
class LabSamplesTest {
    @TempDir
    private Path folder;

    /** The digests were taken in Python from the arrays that the file was made of. */
    @ParameterizedTest
    @CsvFileSource(resources = "/formats/wild/arrays.tsv", delimiter = '\t', quoteCharacter = '\0')
    void everyArrayIsFoundBitForBit(String sample, String place, String arrays) throws IOException {
        OpenedCheckpoint opened = Checkpoints.open(FormatSample.file("wild/" + sample), ReadOptions.defaults());

        assertThat(opened.parametersAt()).isEqualTo(place);
        assertThat(opened.checkpoint().parameters().arrays().entrySet().stream()
                        .map(array -> array.getKey() + "=" + described(array.getValue()))
                        .collect(Collectors.joining(" ")))
                .isEqualTo(arrays);
        for (CheckpointFormat format : Formats.WRITABLE) {
            Path written = folder.resolve(format.label());
            Checkpoints.write(opened.checkpoint(), written, format);
            RoundTripTest.assertSame(Checkpoints.read(written), opened.checkpoint());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "lab-nnx-optimizer-state.pkl;no entry params but 'opt_state', 'step'",
                "silent-bare-state.pkl;parameters in several places: 'train_params', '.'",
                "silent-state-with-optimizer.pkl;parameters in several places: 'state/params', 'state/ema_params'"
            })
    void whatIsAmbiguousIsRefused(String sample, String problem) {
        assertThatThrownBy(() -> Checkpoints.read(FormatSample.file("wild/" + sample)))
                .isInstanceOf(ParameterPlaceException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void aChosenPlaceOpensAnOptimisersState() throws IOException {
        assertThat(Checkpoints.read(
                                FormatSample.file("wild/lab-nnx-optimizer-state.pkl"),
                                ReadOptions.defaults().withParametersAt("opt_state"))
                        .parameters()
                        .arrays())
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "lab-meta-datetime.pkl, datetime.datetime",
        "lab-meta-path.pkl, pathlib.PosixPath",
        "lab-meta-enum.pkl, __main__.Color",
        "lab-meta-counter.pkl, collections.Counter",
        "lab-meta-partial.pkl, functools.partial",
        "lab-meta-dataclass.pkl, __main__.Config",
        "lab-meta-npfunc.pkl, numpy.sin",
        "lab-meta-np-str.pkl, numpy.str_",
        "lab-meta-np-bytes.pkl, numpy.bytes_",
        "lab-meta-np-dt64.pkl, numpy.datetime64",
        "lab-meta-exception.pkl, builtins.ValueError"
    })
    void metadataKeepsTheNameOfItsClass(String sample, String type) throws IOException {
        Map<String, Object> metadata =
                Checkpoints.read(FormatSample.file("wild/" + sample)).metadata();
        assertThat(((InertObject) metadata.get("training_args")).qualifiedName())
                .isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes-S, numpy.ndarray",
        "str-U, numpy.ndarray",
        "stringdtype, numpy.ndarray",
        "datetime, numpy.ndarray",
        "struct, numpy.ndarray",
        "recarray, numpy.rec.recarray",
        "longdouble, numpy.ndarray"
    })
    void arraysOfOtherElementsAreRecordsOutsideTheParameters(String sample, String type) throws IOException {
        Map<String, Object> metadata = Checkpoints.read(FormatSample.file("wild/lab-numpy-" + sample + ".pkl"))
                .metadata();
        assertThat(((InertObject) metadata.get("extra")).qualifiedName()).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dtype-meta", "matrix", "memmap"})
    void numericArraysOfOtherClassesAreArrays(String sample) throws IOException {
        assertThat(Checkpoints.read(FormatSample.file("wild/lab-numpy-" + sample + ".pkl"))
                        .metadata()
                        .get("extra"))
                .isInstanceOf(ArrayData.class);
    }

    @Test
    void amongParametersTheyAreRefused() {
        assertThatThrownBy(() -> Checkpoints.read(FormatSample.file("wild/lab-numpy-str-U-parameter.pkl")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("'numpy.ndarray' of element type 'U2'")
                .hasMessageContaining("save it as an array of numbers");
    }

    @Test
    void anInstanceOfALocalClassBearsItsName() throws IOException {
        InertObject config = (InertObject) Checkpoints.read(FormatSample.file("wild/lab-cloudpickle-localclass.pkl"))
                .metadata()
                .get("cfg");
        assertThat(config.qualifiedName()).isEqualTo("__main__.Config");
        assertThat(config.arguments()).hasSize(1);
        assertThat(((Map<?, ?>) config.state()).keySet()).isEqualTo(Set.of("lr", "hidden"));
    }

    @Test
    void anUnpairedSurrogateStaysOne() throws IOException {
        assertThat(Checkpoints.read(FormatSample.file("wild/lab-meta-surrogate.pkl"))
                        .metadata())
                .containsEntry("training_args", "a\ud800b");
    }

    private static String described(ArrayData array) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            array.writeTo(bytes);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
            return array.type().label()
                    + Arrays.toString(array.shape()).replace(" ", "")
                    + HexFormat.of().formatHex(digest).substring(0, 16);
        } catch (IOException | NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
