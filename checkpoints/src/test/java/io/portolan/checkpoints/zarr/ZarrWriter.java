package io.portolan.checkpoints.zarr;

import io.airlift.compress.zstd.ZstdCompressor;
import io.portolan.checkpoints.ocdbt.OcdbtBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Writes arrays of zarr as Orbax does, for tests. */
public final class ZarrWriter {
    private ZarrWriter() {}

    /** An array of float32 with two axes in one chunk, in zarr v2. */
    public static Map<String, byte[]> whole(String name, byte[] elements, long rows, long columns, boolean compressed) {
        Map<String, byte[]> values = new TreeMap<>();
        String shape = "[" + rows + "," + columns + "]";
        String compressor = compressed ? "{'id':'zstd'}" : "null";
        values.put(name + "/.zarray", json(version2("<f4", shape, shape, compressor, "C")));
        values.put(name + "/0.0", compressed ? zstd(elements) : elements);
        return values;
    }

    /** The metadata of zarr v2, with single quotes. */
    public static String version2(String dtype, String shape, String chunks, String compressor, String order) {
        return "{'chunks':" + chunks + ",'compressor':" + compressor + ",'dimension_separator':'.','dtype':'" + dtype
                + "','fill_value':null,'filters':null,'order':'" + order + "','shape':" + shape + ",'zarr_format':2}";
    }

    /** The metadata of zarr v3, with single quotes. */
    public static String version3(String type, String shape, String chunks, String codecs) {
        return "{'chunk_grid':{'configuration':{'chunk_shape':" + chunks + "},'name':'regular'},"
                + "'chunk_key_encoding':{'name':'default'},'codecs':" + codecs + ",'data_type':'" + type
                + "','fill_value':0,'node_type':'array','shape':" + shape + ",'zarr_format':3}";
    }

    /** The codec of shards with inner chunks of a shape. */
    public static String shards(String inner, String codecs, String location) {
        return "[{'name':'sharding_indexed','configuration':{'chunk_shape':" + inner + ",'codecs':" + codecs
                + ",'index_codecs':[{'name':'bytes','configuration':{'endian':'little'}},{'name':'crc32c'}],"
                + "'index_location':'" + location + "'}}]";
    }

    /** A shard of inner chunks, of which those that are null are missing. */
    public static byte[] shard(boolean indexFirst, byte[]... chunks) {
        int indexLength = 16 * chunks.length + 4;
        ByteBuffer index = ByteBuffer.allocate(indexLength).order(ByteOrder.LITTLE_ENDIAN);
        OcdbtBytes data = new OcdbtBytes();
        long offset = indexFirst ? indexLength : 0;
        for (byte[] chunk : chunks) {
            index.putLong(chunk == null ? -1 : offset).putLong(chunk == null ? -1 : chunk.length);
            offset += chunk == null ? 0 : chunk.length;
            data.raw(chunk == null ? new byte[0] : chunk);
        }
        index.putInt(OcdbtBytes.crc(index.array(), indexLength - 4));
        OcdbtBytes shard = new OcdbtBytes();
        return indexFirst
                ? shard.raw(index.array()).raw(data.toBytes()).toBytes()
                : data.raw(index.array()).toBytes();
    }

    public static byte[] zstd(byte[] bytes) {
        ZstdCompressor zstd = new ZstdCompressor();
        byte[] packed = new byte[zstd.maxCompressedLength(bytes.length)];
        return Arrays.copyOf(packed, zstd.compress(bytes, 0, bytes.length, packed, 0, packed.length));
    }

    /** A JSON text that is written with single quotes. */
    public static byte[] json(String text) {
        return OcdbtBytes.utf8(text.replace('\'', '"'));
    }
}
