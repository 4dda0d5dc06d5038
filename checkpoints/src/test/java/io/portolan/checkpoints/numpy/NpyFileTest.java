package io.portolan.checkpoints.numpy;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyFileTest {
    private static final String HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }";
    private static final byte[] ONE = {0, 0, (byte) 0x80, 0x3f};

    @Test
    void aFileInFortranOrderBecomesRowMajor() throws IOException {
        assertThat(NpyFile.read(FormatSample.file("kernel_fortran.npy")))
                .isEqualTo(NpzArchive.read(FormatSample.file("params.npz")).get("head/kernel"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void everyHeaderVersionIsRead(int version) throws IOException {
        assertThat(read(file(version, HEADER, ONE))).isEqualTo(ArrayData.ofFloats(new long[] {1}, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'shape':(1,),'fortran_order':False,'descr':'<f4'}",
                "{\"descr\": \"<f4\", \"fortran_order\": True, \"shape\": (1,)}",
                "  {'descr': '<f4', 'fortran_order': False, 'shape': ( 1 ), }   \n"
            })
    void theHeadersFormMayVary(String header) throws IOException {
        assertThat(read(file(1, header, ONE))).isEqualTo(ArrayData.ofFloats(new long[] {1}, 1));
    }

    @Test
    void aScalarHasNoAxes() throws IOException {
        assertThat(read(file(1, HEADER.replace("(1,)", "()"), ONE))).isEqualTo(ArrayData.ofFloats(new long[0], 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "'<f4';'|O'",
                "'<f4';'<U3'",
                "'<f4';'<M8[ns]'",
                "'<f4';[('a', '<f4')]",
                "'<f4';'=f4'",
                "'<f4';'|f4'",
                "'<f4';''",
                "'<f4';f4",
                "False;0",
                "False;false",
                "(1,);(-1,)",
                "(1,);(1.0,)",
                "(1,);(1L,)",
                "(1,);[1]",
                "(1,);(9999999999999999999,)",
                "(1,);(999999999999999999, 999999999999999999)",
                "(1,);(1073741824, 2)",
                "(1,);(1",
                "(1,);(2,)",
                "(1,);(0,)",
                "'shape';'form'",
                "'shape';'descr'",
                "'descr': '<f4',;'', ",
                "};",
                "};} x",
                "{;["
            })
    void aWrongHeaderIsRefused(String part, String replacement) {
        refused(file(1, HEADER.replace(part, replacement == null ? "" : replacement), ONE));
    }

    @Test
    void aShapeBeyondTheFileIsRefusedBeforeItIsRead(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("a.npy"), file(1, HEADER.replace("(1,)", "(268435456,)"), ONE));
        assertThatThrownBy(() -> NpyFile.read(file))
                .isExactlyInstanceOf(CheckpointException.class)
                .hasMessageContaining("takes 1073741824 bytes of a file of ");
    }

    @Test
    void tooManyAxesAreRefused() {
        refused(file(1, HEADER.replace("(1,)", "(" + "1,".repeat(65) + ")"), ONE));
    }

    @Test
    void aFileCutAnywhereIsRefused() {
        byte[] whole = file(1, HEADER, ONE);
        for (int length = 0; length < whole.length; length++) {
            refused(Arrays.copyOf(whole, length));
        }
        refused(Arrays.copyOf(whole, whole.length + 1));
    }

    @Test
    void wrongVersionsAndHugeHeadersAreRefused() {
        refused(file(0, HEADER, ONE));
        refused(file(4, HEADER, ONE));
        refused(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, -1});
    }

    private static void refused(byte[] bytes) {
        assertThatThrownBy(() -> read(bytes))
                .isExactlyInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("a.npy: ")
                .hasMessageContaining(": expected ");
    }

    private static ArrayData read(byte[] bytes) throws IOException {
        return NpyFile.read(new ByteArrayInputStream(bytes), "a.npy");
    }

    private static byte[] file(int version, String header, byte[] data) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        bytes.write(text.length);
        bytes.writeBytes(new byte[version == 1 ? 1 : 3]);
        bytes.writeBytes(text);
        bytes.writeBytes(data);
        return bytes.toByteArray();
    }

    @Test
    void aMessageDoesNotRepeatAShapeOfAnyLength() {
        assertThatThrownBy(() -> NpyFile.read(FormatSample.file("wild/npy-10kaxes.npy")))
                .hasMessageContaining("more than 64 axes")
                .extracting(Throwable::getMessage, as(STRING))
                .hasSizeLessThan(500);
    }
}
