package io.portolan.checkpoints.msgpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePacker;
import org.msgpack.core.MessageUnpacker;

class FlaxMessagePackTest {
    private static final long[] NUMBERS = LongStream.rangeClosed(0, 62)
            .flatMap(bit -> LongStream.of((1L << bit) - 1, 1L << bit, -(1L << bit), -(1L << bit) - 1))
            .toArray();

    @Test
    void anotherImplementationWritesWhatIsRead() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Object> expected = new ArrayList<>();
        try (MessagePacker packer = MessagePack.newDefaultPacker(bytes)) {
            packer.packArrayHeader(NUMBERS.length + 8);
            for (long number : NUMBERS) {
                packer.packLong(number);
                expected.add(number);
            }
            BigInteger large = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
            packer.packBigInteger(large)
                    .packNil()
                    .packBoolean(true)
                    .packFloat(0.5f)
                    .packDouble(0.1);
            expected.addAll(Arrays.asList(large, null, true, 0.5, 0.1));
            for (int length : new int[] {31, 300, 70_000}) {
                packer.packString("\u03bb".repeat(length));
                expected.add("\u03bb".repeat(length));
            }
        }
        assertThat(read(bytes.toByteArray())).isEqualTo(expected);
    }

    @Test
    void anotherImplementationReadsWhatIsWritten() throws IOException {
        Map<String, Object> map = new LinkedHashMap<>();
        for (long number : NUMBERS) {
            map.put("n" + number, number);
        }
        map.put("x".repeat(300), Arrays.asList(1.5, null, false));
        map.put("many", Collections.nCopies(70_000, 1L));
        byte[] bytes = write(map, MessagePackWriter.FLAX_CHUNK);

        assertThat(read(bytes)).isEqualTo(map);
        try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(bytes)) {
            assertThat(unpacker.unpackValue().asMapValue().map()).hasSize(map.size());
            assertThat(unpacker.hasNext()).isFalse();
        }
    }

    @Test
    void arraysInChunksAreJoined() throws IOException {
        ArrayData array = ArrayData.ofFloats(new long[] {5, 2}, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        byte[] chunked = write(Map.of("w", array), 12);
        assertThat(new String(chunked, StandardCharsets.ISO_8859_1)).contains("__msgpack_chunked_array__");
        assertThat(read(chunked)).isEqualTo(Map.of("w", array));
    }

    @Test
    void complexNumbersAndScalarsAreArraysWithoutAxes() throws CheckpointException {
        ByteBuffer pair = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(1)
                .putDouble(-2)
                .flip();
        assertThat(read("c7 13 02 92 cb 3ff0000000000000 cb c000000000000000"))
                .isEqualTo(ArrayData.of(ElementType.COMPLEX128, new long[0], pair));
        assertThat(read("c7 0c 03 93 90 a5 696e743136 c4 02 0700"))
                .isEqualTo(ArrayData.of(ElementType.INT16, new long[0], ByteBuffer.wrap(new byte[] {7, 0})));
    }

    @ParameterizedTest
    @CsvSource({
        "'', and the file has 0 left",
        "c1, 0xc1 starts no value",
        "c0 c0, 1 bytes follow the value",
        "dd ffffffff, 4294967295 elements and the file has 0 bytes",
        "df ffffffff 00, 4294967295 elements",
        "db ffffffff 61, 4294967295 bytes and the file has 1 left",
        "c6 7fffffff 61, 2147483647 bytes",
        "c9 ffffffff 01, 4294967295 bytes",
        "c7 ff 01 93, 255 bytes",
        "81 a1 61, and the file has 0 left",
        "82 a1 61 01 a1 61 02, a key comes twice",
        "81 c0 01, neither text nor an integer",
        "81 90 01, neither text nor an integer",
        "a1 ff, not UTF-8",
        "d4 05 00, extension type 5",
        "d6 ff 00000000, extension type 255",
        "c7 01 01 c0, not made of shape",
        "c7 0a 01 93 91 02 a2 6636 c4 02 0700, element type 'f6'",
        "c7 0d 01 93 91 02 a5 696e743136 c4 02 0700, 'takes 4 bytes, not 2'",
        "c7 0d 01 93 91 ff a5 696e743136 c4 02 0700, not made of sizes",
        "c7 0d 03 93 91 01 a5 696e743136 c4 02 0700, a scalar with 1 axes",
        "c7 16 01 93 92 cf 7fffffffffffffff 04 a5 696e743136 c4 02 0700, is too large",
        "c7 03 02 92 01 02, no pair of numbers",
        "81 b9 5f5f6d73677061636b5f6368756e6b65645f61727261795f5f c3, not made of shape and chunks"
    })
    void malformedDataIsRefused(String hex, String problem) {
        assertThatThrownBy(() -> read(hex))
                .isExactlyInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("m: ")
                .hasMessageContaining(problem)
                .hasMessageContaining("at byte ")
                .hasMessageContaining(": expected ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"91", "81a161", "c700ff", "c8ffff01"})
    void deepNestingIsRefused(String level) {
        Assertions.assertTimeout(
                Duration.ofSeconds(5),
                () -> assertThatThrownBy(() -> read(level.repeat(100_000)))
                        .isExactlyInstanceOf(CheckpointException.class));
    }

    @Test
    void extensionsWithinExtensionsAreAsDeepAsTheyAre() {
        byte[] bytes = {(byte) 0xc0};
        for (int i = 0; i < 2_000; i++) {
            bytes = ByteBuffer.allocate(bytes.length + 7)
                    .put((byte) 0xc9)
                    .putInt(bytes.length + 1)
                    .put((byte) 1)
                    .put((byte) 0x91)
                    .put(bytes)
                    .array();
        }
        byte[] nested = bytes;
        assertThatThrownBy(() -> read(nested))
                .isExactlyInstanceOf(CheckpointException.class)
                .hasMessageContaining("nested more than 100 deep");
    }

    @ParameterizedTest
    @ValueSource(strings = {"flax.msgpack", "flax_chunked.msgpack"})
    void aFileCutOrCorruptedAnywhereIsRefusedOrRead(String sample) throws IOException {
        byte[] whole = Files.readAllBytes(FormatSample.file(sample));
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(cut)).isExactlyInstanceOf(CheckpointException.class);
        }
        Random random = new Random(5);
        for (int i = 0; i < 5_000; i++) {
            byte[] mutated = whole.clone();
            mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            try {
                read(mutated);
            } catch (CheckpointException refused) {
                assertThat(refused.getMessage())
                        .startsWith("m: ")
                        .contains(": expected ")
                        .doesNotContain("\n");
            }
        }
    }

    @Test
    void onlyDictionariesWithTextAsKeysLookLikeIt() {
        Map<String, Boolean> starts = Map.of(
                "81a161",
                true,
                "8fd9",
                true,
                "de0010a0",
                true,
                "df00000001db",
                true,
                "80",
                false,
                "8004",
                false,
                "8101",
                false,
                "91a1",
                false,
                "894844460d0a",
                false,
                "de",
                false);
        assertThat(starts.keySet().stream()
                        .collect(Collectors.toMap(
                                Function.identity(),
                                hex -> FlaxMessagePack.matches(
                                        ByteBuffer.wrap(HexFormat.of().parseHex(hex))))))
                .isEqualTo(starts);
    }

    private static Object read(String hex) throws CheckpointException {
        return read(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static Object read(byte[] bytes) throws CheckpointException {
        return FlaxMessagePack.read(ByteBuffer.wrap(bytes), "m");
    }

    private static byte[] write(Object value, int chunk) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new MessagePackWriter(bytes, chunk).value(value);
        return bytes.toByteArray();
    }
}
