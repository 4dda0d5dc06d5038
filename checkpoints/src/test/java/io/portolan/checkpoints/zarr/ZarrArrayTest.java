package io.portolan.checkpoints.zarr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.ocdbt.OcdbtBytes;
import io.portolan.checkpoints.stores.MemoryFolder;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays in every form of both versions, and metadata made to mislead the reader. */
class ZarrArrayTest {
    private static final String BYTES = "[{'name':'bytes','configuration':{'endian':'little'}}]";

    /** The elements of most arrays here, row-major. */
    private static final byte[] SIX = {0, 1, 2, 3, 4, 5};

    private interface Packer {
        OutputStream open(OutputStream out) throws IOException;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "zstd", "gzip", "zlib"})
    void everyCompressorIsUndone(String compressor) throws IOException {
        byte[] packed = switch (compressor) {
            case "zstd" -> ZarrWriter.zstd(SIX);
            case "gzip" -> packed(GZIPOutputStream::new);
            case "zlib" -> packed(DeflaterOutputStream::new);
            default -> SIX;
        };
        String json = compressor.equals("none") ? "null" : "{'id':'" + compressor + "'}";
        assertThat(read(ZarrWriter.version2("|u1", "[2,3]", "[2,3]", json, "C"), Map.of("a/0.0", packed)))
                .isEqualTo(array(ElementType.UINT8, SIX, 2, 3));
    }

    @Test
    void chunksThatReachBeyondTheEndsAreCut() throws IOException {
        Map<String, byte[]> rows = Map.of("a/0.0", new byte[] {0, 1, 3, 4}, "a/0.1", new byte[] {2, 99, 5, 99});
        assertThat(read(ZarrWriter.version2("|u1", "[2,3]", "[2,2]", "null", "C"), rows))
                .isEqualTo(array(ElementType.UINT8, SIX, 2, 3));
        Map<String, byte[]> columns = Map.of("a/0.0", new byte[] {0, 3, 1, 4}, "a/0.1", new byte[] {2, 5, 99, 99});
        assertThat(read(ZarrWriter.version2("|u1", "[2,3]", "[2,2]", "null", "F"), columns))
                .isEqualTo(array(ElementType.UINT8, SIX, 2, 3));
        Map<String, byte[]> deep = Map.of("a/0.0.0", new byte[] {0, 1, 2, 3}, "a/1.0.0", new byte[] {4, 5, 99, 99});
        assertThat(read(ZarrWriter.version2("|u1", "[3,2,1]", "[2,2,1]", "null", "C"), deep))
                .isEqualTo(array(ElementType.UINT8, SIX, 3, 2, 1));
    }

    @Test
    void bytesAndAxesAreReordered() throws IOException {
        assertThat(read(
                        ZarrWriter.version2(">i2", "[3]", "[3]", "null", "C"),
                        Map.of("a/0", new byte[] {1, 0, 3, 2, 5, 4})))
                .isEqualTo(array(ElementType.INT16, SIX, 3));
        String codecs = "[{'name':'transpose','configuration':{'order':[1,0]}},"
                + "{'name':'bytes','configuration':{'endian':'big'}},{'name':'crc32c'}]";
        ByteBuffer columns = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
        columns.put(new byte[] {0, 3, 1, 4, 2, 5}).putInt(OcdbtBytes.crc(columns.array(), 6));
        assertThat(read(ZarrWriter.version3("uint8", "[2,3]", "[2,3]", codecs), Map.of("a/c/0/0", columns.array())))
                .isEqualTo(array(ElementType.UINT8, SIX, 2, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "end"})
    void shardsAreReadThroughTheirIndex(String location) throws IOException {
        byte[] shard = ZarrWriter.shard(
                location.equals("start"), new byte[] {0, 1}, new byte[] {2, 99}, new byte[] {3, 4}, new byte[] {5, 99});
        assertThat(read(
                        ZarrWriter.version3("uint8", "[2,3]", "[2,4]", ZarrWriter.shards("[1,2]", BYTES, location)),
                        Map.of("a/c/0/0", shard)))
                .isEqualTo(array(ElementType.UINT8, SIX, 2, 3));
    }

    @Test
    void innerChunksBeyondTheEndsNeedNotBeThere() throws IOException {
        String json = ZarrWriter.version3("uint8", "[3]", "[4]", ZarrWriter.shards("[1]", BYTES, "end"));
        byte[] shard = ZarrWriter.shard(false, new byte[] {7}, new byte[] {8}, new byte[] {9}, null);
        assertThat(read(json, Map.of("a/c/0", shard))).isEqualTo(array(ElementType.UINT8, new byte[] {7, 8, 9}, 3));

        byte[] hole = ZarrWriter.shard(false, new byte[] {7}, null, new byte[] {9}, null);
        refusedWhenRead("is missing: expected all of them", json, hole);
        assertThat(open(json, Map.of("a/c/0", hole), false).data())
                .isEqualTo(array(ElementType.UINT8, new byte[] {7, 0, 9}, 3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "|u1; 7; 07",
                "|i1; -1; ff",
                "<i8; -2; feffffffffffffff",
                "|b1; true; 01",
                "<f4; 1.5; 0000c03f",
                "<f8; 'NaN'; 000000000000f87f",
                "<f4; '-Infinity'; 000080ff",
                "bfloat16; '0x3fc0'; c03f",
                "<f2; 0.0; 0000",
                "<c8; [1.0,-1.0]; 0000803f000080bf",
                "<u8; 18446744073709551615; ffffffffffffffff",
                "int4; null; 00"
            })
    void missingChunksHaveTheFillValue(String dtype, String fill, String hex) throws IOException {
        ByteBuffer bytes = open(filled(dtype, fill), Map.of(), false).data().bytes();
        byte[] element = new byte[bytes.remaining()];
        bytes.get(element);
        assertThat(HexFormat.of().formatHex(element)).isEqualTo(hex);
        assertThatThrownBy(() -> open(filled(dtype, fill), Map.of(), true))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("the chunk 0 is missing: expected all of them");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {"|u1; 256", "|i1; 1.5", "<f2; 1.0", "float8_e8m0fnu; 0", "<f4; 'zero'", "<i2; '0x10000'", "|b1; 2"
            })
    void aFillValueThatIsNoneOfTheTypeIsRefused(String dtype, String fill) throws IOException {
        ArrayData array = open(filled(dtype, fill), Map.of(), false).data();
        assertThatThrownBy(array::bytes)
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(CheckpointException.class)
                .hasMessageContaining("the fill value");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "{; malformed JSON",
                "[]; the document is '[]': expected an object",
                "{'zarr_format':2,'zarr_format':2}; malformed JSON",
                "{'zarr_format':4}; zarr_format is '4': expected 2",
                "V2 <f3 [2] [2] null C; dtype is '<f3': expected a number type",
                "V2 |O [2] [2] null C; dtype is '|O'",
                "V2 float32 [2] [2] null C; dtype is 'float32'",
                "V2 <f4 [-1] [2] null C; shape is '-1': expected an integer of 63 bits",
                "V2 <f4 [1.5] [2] null C; shape is '1.5'",
                "V2 <f4 [4611686018427387904] [1] null C; expected at most 64 axes and a shape of at most 63 bits",
                "V2 <f4 [3037000500,3037000500] [1,1] null C; expected at most 64 axes and a shape",
                "V2 <f4 [4000000000] [4000000000] null C; chunks below 2 GiB; in Python",
                "V2 <f4 [1000000000] [1] null C; expected at most 1048576 chunks",
                "V2 <f4 [2] [0] null C; one element along each at least",
                "V2 <f4 [2] [2,2] null C; expected as many axes",
                "V2 <f4 [2] [2] {'id':'blosc'} C; the compressor is 'blosc': expected zstd, gzip, zlib or no compression",
                "V2 <f4 [2] [2] null A; order is 'A': expected C or F",
                "V3 float128 [2] [2] [{'name':'bytes'}]; data_type is 'float128'",
                "V3 uint8 [2] [2] []; expected one that gives bytes",
                "V3 uint8 [2] [2] [{'name':'blosc'}]; the codec is 'blosc': expected 'bytes'",
                "V3 uint8 [2] [2] [{'name':'bytes'},{'name':'blosc'}]; the codec is 'blosc': expected zstd",
                "V3 uint8 [2] [2] [{'name':'bytes'},{'name':'zstd'},{'name':'gzip'}]; nothing after a compression",
                "V3 int16 [2] [2] [{'name':'bytes'}]; endian is 'null'",
                "V3 uint8 [2] [2] [{'name':'transpose','configuration':{'order':[1]}}]; each axis once",
                "V3 uint8 [4] [4] SHARDS[3]; expected them to fill the shards",
                "V3 uint8 [4000000] [4000000] SHARDS[1]; expected at most 1048576 chunks",
                "V2 <f4 [2] [2] null C; a/0: 6 bytes: expected 8, a whole chunk"
            })
    void hostileMetadataIsRefused(String form, String problem) {
        String[] words = form.split(" ");
        String json = switch (words[0]) {
            case "V2" -> ZarrWriter.version2(words[1], words[2], words[3], words[4], words[5]);
            case "V3" ->
                ZarrWriter.version3(
                        words[1],
                        words[2],
                        words[3],
                        words[4].startsWith("SHARDS")
                                ? ZarrWriter.shards(words[4].substring("SHARDS".length()), BYTES, "end")
                                : words[4]);
            default -> form;
        };
        assertThatThrownBy(() -> open(json, Map.of("a/0", SIX, "a/c/0", SIX), true))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(problem)
                .hasMessageContaining("expected ");
    }

    @Test
    void deepJsonIsRefused() {
        assertThatThrownBy(() -> open("[".repeat(100_000), Map.of(), true))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("malformed JSON");
    }

    @Test
    void aDamagedChunkIsRefusedWhenItIsRead() throws IOException {
        String zstd = ZarrWriter.version3("uint8", "[6]", "[6]", "[{'name':'bytes'},{'name':'zstd'}]");
        refusedWhenRead("broken zstd data", zstd, SIX);
        refusedWhenRead("zstd data of 5 bytes: expected 6", zstd, ZarrWriter.zstd(new byte[5]));
        refusedWhenRead("expected 6 bytes", zstd, ZarrWriter.zstd(new byte[1 << 20]));
        String shards = ZarrWriter.version3("uint8", "[6]", "[6]", ZarrWriter.shards("[3]", BYTES, "end"));
        byte[] shard = ZarrWriter.shard(false, new byte[3], new byte[3]);
        shard[6] ^= 1;
        refusedWhenRead("the CRC-32C does not match", shards, shard);
        refusedWhenRead("expected them within", shards, new byte[3]);
        refusedWhenRead("2 bytes: expected 3", shards, ZarrWriter.shard(false, new byte[3], new byte[2]));
        ByteBuffer index = ByteBuffer.allocate(36).order(ByteOrder.LITTLE_ENDIAN);
        index.putLong(Long.MAX_VALUE).putLong(3).putLong(0).putLong(3).putInt(OcdbtBytes.crc(index.array(), 32));
        refusedWhenRead("expected them within", shards, index.array());
    }

    private static byte[] packed(Packer packer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = packer.open(bytes)) {
            out.write(SIX);
        }
        return bytes.toByteArray();
    }

    private static String filled(String dtype, String fill) {
        return ZarrWriter.version2(dtype, "[]", "[]", "null", "C").replace("'fill_value':null", "'fill_value':" + fill);
    }

    private static ArrayData read(String json, Map<String, byte[]> chunks) throws IOException {
        return open(json, chunks, true).data();
    }

    private static ZarrArray open(String json, Map<String, byte[]> chunks, boolean isComplete) throws IOException {
        Map<String, byte[]> files = new TreeMap<>(chunks);
        files.put(json.contains("data_type") ? "a/zarr.json" : "a/.zarray", ZarrWriter.json(json));
        return ZarrArray.open(MemoryFolder.of(files), "a", isComplete).orElseThrow();
    }

    private static void refusedWhenRead(String problem, String json, byte[] chunk) throws IOException {
        ArrayData array = read(json, Map.of("a/c/0", chunk));
        assertThatThrownBy(array::bytes)
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(CheckpointException.class)
                .hasMessageContaining(problem)
                .hasMessageContaining("expected ");
    }

    private static ArrayData array(ElementType type, byte[] bytes, long... shape) {
        return ArrayData.of(type, shape, ByteBuffer.wrap(bytes));
    }
}
