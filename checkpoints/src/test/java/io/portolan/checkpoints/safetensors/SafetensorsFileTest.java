package io.portolan.checkpoints.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {
    private static final String W = "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

    @Test
    void arraysAreViewsOfTheFile() throws CheckpointException {
        ByteBuffer file = file(W, 8);
        ArrayData array = SafetensorsFile.read(file, "m").arrays().get("w");
        file.put(file.limit() - 1, (byte) 0x40);
        assertThat(array.toFloats()).containsExactly(0, 2);
    }

    @Test
    void orderIsTheHeaders() throws CheckpointException {
        assertThat(SafetensorsFile.read(
                                file(
                                        "{\"b\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[1,2]},"
                                                + "\"a\":{\"shape\":[1,1],\"dtype\":\"BOOL\",\"data_offsets\":[0,1]},\"e\":{\"dtype\":\"F64\",\"shape\":[0,3],\"data_offsets\":[1,1]}}  ",
                                        2),
                                "m")
                        .arrays()
                        .keySet())
                .containsExactly("b", "a", "e");
    }

    @Test
    void everyTypeWithANameIsWrittenAndRead() throws IOException {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        for (ElementType type : ElementType.values()) {
            if (SafetensorsFile.holds(type)) {
                arrays.put(type.label(), ArrayData.of(type, new long[] {3}, ByteBuffer.allocate(3 * type.bytes())));
            }
        }
        SafetensorsFile file = new SafetensorsFile(arrays, Map.of("format", "np", "\u03bb\"", "\n"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SafetensorsWriter.write(file, bytes);

        assertThat(SafetensorsFile.read(ByteBuffer.wrap(bytes.toByteArray()), "m"))
                .isEqualTo(file);
        assertThat(ByteBuffer.wrap(bytes.toByteArray())
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getLong()
                        % 8)
                .isZero();
        assertThat(arrays).hasSize(19);
    }

    @Test
    void packedElementsOfFourBitsAreUnpackedFromTheLowerHalf() throws CheckpointException {
        ByteBuffer file = file("{\"w\":{\"dtype\":\"F4\",\"shape\":[2,2],\"data_offsets\":[0,2]}}", 2);
        file.put(file.limit() - 2, (byte) 0x21).put(file.limit() - 1, (byte) 0xf7);
        ArrayData array = SafetensorsFile.read(file, "m").arrays().get("w");

        assertThat(array.type()).isEqualTo(ElementType.FLOAT4_E2M1FN);
        assertThat(new double[] {array.doubleAt(0), array.doubleAt(1), array.doubleAt(2), array.doubleAt(3)})
                .containsExactly(0.5, 1, 6, -6);
        refused(
                file("{\"w\":{\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,2]}}", 2),
                "3 elements of 4 bits do not fill 2 bytes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "[2];[3];takes 12 bytes, not 8",
                "[2];[-2];integers of 63 bits, none negative",
                "[2];[2.0];integers of 63 bits",
                "[2];[9223372036854775807,3];is too large",
                "[2];[4611686018427387904,4];is too large",
                "[2];[99999999999999999999999];malformed safetensors header",
                "[2];[18446744073709551618];integers of 63 bits",
                "[2];\"2\";a list of integers",
                "[0,8];[8,0];offsets 8 to 0",
                "[0,8];[0,9];within the 8 bytes",
                "[0,8];[0,4];takes 8 bytes, not 4",
                "[0,8];[0];two data_offsets",
                "[0,8];[0,4,8];at most 2 integers",
                "[0,8];[9223372036854775807,9223372036854775807];within the 8 bytes",
                "F32;O;a type such as",
                "F32;F6_E2M3;a type whose layout is defined",
                "F32;f32;a type such as",
                "\"F32\";4;a type such as",
                "\"dtype\";\"type\";dtype, shape and data_offsets only",
                "\"dtype\":\"F32\",;``;dtype, shape and two data_offsets",
                "\"dtype\":\"F32\",;\"dtype\":\"F32\",\"dtype\":\"F32\",;Duplicate field",
                "{\"w\";{\"w\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},\"w\";Duplicate field",
                "{\"w\";{\"v\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"w\";an overlap",
                "{\"w\";{\"__metadata__\":{\"a\":1},\"w\";a text under __metadata__",
                "{\"w\";{\"__metadata__\":[],\"w\";an object of texts",
                "}};}}x;malformed safetensors header",
                "}};}}{};nothing but blanks",
                "}};};malformed safetensors header",
                "{\"w\":{;{\"w\":[[[[[[[[[[[[[[[[[[[[[[[[;an object for the tensor"
            })
    void aWrongHeaderIsRefused(String part, String replacement, String problem) {
        assertThat(W).contains(part);
        refused(file(W.replace(part, replacement), 8), problem);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 9, 100})
    void holesAndSurplusAreRefused(int dataBytes) {
        refused(file(W, dataBytes), "m: ");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, 100_000_001, 1 << 20})
    void aHeaderLengthBeyondTheFileIsRefused(long length) {
        refused(file(W, 8).putLong(0, length), "a header of " + Long.toUnsignedString(length) + " bytes at byte 0");
    }

    @Test
    void aFileCutOrCorruptedAnywhereIsRefusedOrRead() throws IOException {
        byte[] whole = Files.readAllBytes(FormatSample.file("params.safetensors"));
        for (int length = 0; length < whole.length; length++) {
            refused(ByteBuffer.wrap(Arrays.copyOf(whole, length)), "m: ");
        }
        Random random = new Random(4);
        for (int i = 0; i < 5_000; i++) {
            byte[] mutated = whole.clone();
            mutated[random.nextInt(600)] = (byte) random.nextInt(256);
            try {
                SafetensorsFile.read(ByteBuffer.wrap(mutated), "m");
            } catch (CheckpointException refused) {
                assertThat(refused.getMessage())
                        .startsWith("m: ")
                        .contains(": ")
                        .contains("expected ")
                        .doesNotContain("\n");
            }
        }
    }

    /** 27 seconds and a gigabyte once: names were counted when all of the header had been read. */
    @Test
    void tooManyNamesAreRefusedWhileTheyAreRead() {
        String tensor = ":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},";
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < 400_000; i++) {
            header.append("\"a").append(i).append('"').append(tensor);
        }
        ByteBuffer many = file(header.append("not read any more").toString(), 0);
        refused(many, "at most 300000 names");
        StringBuilder texts = new StringBuilder("{\"__metadata__\":{");
        for (int i = 0; i < 400_000; i++) {
            texts.append("\"a").append(i).append("\":\"\",");
        }
        refused(file(texts.toString(), 0), "at most 300000 names");
    }

    @Test
    void namesAndShapesThatAreTooLongAreRefused() {
        refused(file(W.replace("\"w\"", "\"" + "w".repeat(5_000_000) + "\""), 8), "malformed safetensors header");
        refused(file(W.replace("[2]", "[1" + ",1".repeat(1_000_000) + "]"), 8), "at most 64 integers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"\\ud800\":",
                "{\"a\\udc00b\":",
                "{\"__metadata__\":{\"\\ud800\":\"\"},\"w\":",
                "{\"__metadata__\":{\"a\":\"\\udfff\"},\"w\":"
            })
    void halfASurrogatePairIsRefused(String start) {
        refused(file(W.replace("{\"w\":", start), 8), "expected ");
    }

    @Test
    void theSampleWithHalfASurrogatePairIsRefused() {
        assertThatThrownBy(() -> Checkpoints.read(FormatSample.file("wild/st-surrogate.safetensors")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("malformed safetensors header")
                .hasMessageContaining("surrogate");
    }

    private static void refused(ByteBuffer file, String problem) {
        assertThatThrownBy(() -> SafetensorsFile.read(file, "m"))
                .isExactlyInstanceOf(CheckpointException.class)
                .hasMessageContaining(problem)
                .hasMessageContaining("at byte ");
    }

    private static ByteBuffer file(String header, int dataBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + json.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .rewind();
    }
}
