package io.portolan.checkpoints.zarr;

import io.portolan.checkpoints.json.JsonDocument;
import io.portolan.checkpoints.numpy.DType;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The codecs of zarr v3: any number that reorder axes, one that turns elements into bytes, and any number that change the
 * bytes.
 */
final class Codecs {
    /** The names of what the bytes of a chunk may be compressed with. */
    static final String SUPPORTED =
            "zstd, gzip, zlib or no compression; in Python, save again with Orbax, which compresses with zstd";

    private static final Map<String, ByteCodec> STEPS = Stream.of(ByteCodec.ZSTD, ByteCodec.GZIP, ByteCodec.CRC)
            .collect(Collectors.toMap(ByteCodec::label, step -> step));

    private static final String CODECS = "codecs";
    private static final String SHARDS = "sharding_indexed";
    private static final String BYTES = "bytes";

    private final JsonDocument json;
    private final ElementType type;
    private final FillValue fill;

    Codecs(JsonDocument json, ElementType type, FillValue fill) {
        this.json = json;
        this.type = type;
        this.fill = fill;
    }

    /**
     * Reads a list of codecs. It may hold another one, of inner chunks, within the depth that JSON may have.
     *
     * @param shape the shape of the chunks that it is for
     */
    ArrayCodec chain(Object member, long[] shape) throws CheckpointException {
        int[] order = PlainCodec.rowMajor(shape.length);
        ArrayCodec elements = null;
        List<ByteCodec> steps = new ArrayList<>();
        for (Object item : json.list(CODECS, member)) {
            Named codec = Named.of(json, CODECS, item);
            if (elements == null && codec.name().equals("transpose")) {
                order = reordered(order, codec);
            } else if (elements == null) {
                elements = elements(codec, order, shape);
            } else {
                steps.add(step(codec, elements, steps));
            }
        }
        if (elements == null) {
            throw json.wrong(CODECS, member, "one that gives bytes, such as 'bytes' or '" + SHARDS + "'");
        }
        return steps.isEmpty() ? elements : new PackedCodec(elements, List.copyOf(steps));
    }

    /** The order of axes after one more transposition: its entries are numbers of axes as they were before it. */
    private int[] reordered(int[] order, Named transpose) throws CheckpointException {
        long[] axes =
                json.sizes("the order of transpose", transpose.configuration().get("order"));
        if (!Arrays.equals(
                Arrays.stream(axes).sorted().toArray(),
                Arrays.stream(PlainCodec.rowMajor(order.length)).asLongStream().toArray())) {
            throw json.wrong("the order of transpose", Arrays.toString(axes), "each axis once");
        }
        return Arrays.stream(axes).mapToInt(axis -> order[(int) axis]).toArray();
    }

    private ArrayCodec elements(Named codec, int[] order, long[] shape) throws CheckpointException {
        return switch (codec.name()) {
            case BYTES -> new PlainCodec(new DType(type, endian(codec)), order);
            case SHARDS -> {
                if (!Arrays.equals(order, PlainCodec.rowMajor(order.length))) {
                    throw json.wrong(CODECS, "transpose before " + SHARDS, "the transposition of inner chunks only");
                }
                yield shards(codec.configuration(), shape);
            }
            default -> throw json.wrong("the codec", codec.name(), "'bytes', 'transpose' or '" + SHARDS + "'");
        };
    }

    private ByteOrder endian(Named codec) throws CheckpointException {
        Object endian = codec.configuration().get("endian");
        if (endian == null && type.wordBytes() == 1 || "little".equals(endian)) {
            return ByteOrder.LITTLE_ENDIAN;
        }
        if ("big".equals(endian)) {
            return ByteOrder.BIG_ENDIAN;
        }
        throw json.wrong("endian", endian, "'little' or 'big'");
    }

    private ByteCodec step(Named codec, ArrayCodec elements, List<ByteCodec> earlier) throws CheckpointException {
        ByteCodec step = STEPS.get(codec.name());
        if (step == null) {
            throw json.wrong("the codec", codec.name(), SUPPORTED);
        }
        if (elements instanceof ShardingCodec || earlier.stream().anyMatch(other -> !other.isSizeFixed())) {
            throw json.wrong("the codec", codec.name(), "nothing after a compression or '" + SHARDS + "'");
        }
        return step;
    }

    private ArrayCodec shards(Map<?, ?> configuration, long[] shape) throws CheckpointException {
        long[] innerShape = Shapes.chunk(json, "the inner chunk_shape", configuration.get("chunk_shape"), type);
        Object location = configuration.get("index_location");
        if (location != null && !location.equals("end") && !location.equals("start")) {
            throw json.wrong("index_location", location, "'start' or 'end'");
        }
        ShardingCodec codec = new ShardingCodec(
                type,
                innerShape,
                chain(configuration.get(CODECS), innerShape),
                hasChecksum(configuration.get("index_codecs")),
                "start".equals(location),
                fill);
        codec.grid(json.name(), shape);
        return codec;
    }

    /** Reads the codecs of an index of shards: little-endian bytes, with or without a checksum. */
    private boolean hasChecksum(Object member) throws CheckpointException {
        List<Named> codecs = new ArrayList<>();
        for (Object item : json.list("index_codecs", member)) {
            codecs.add(Named.of(json, "index_codecs", item));
        }
        boolean isKnown = !codecs.isEmpty()
                && codecs.get(0).name().equals(BYTES)
                && "little".equals(codecs.get(0).configuration().get("endian"))
                && codecs.stream().skip(1).allMatch(codec -> codec.name().equals(ByteCodec.CRC.label()))
                && codecs.size() <= 2;
        if (!isKnown) {
            throw json.wrong("index_codecs", member, "little-endian 'bytes', and 'crc32c' or nothing");
        }
        return codecs.size() == 2;
    }
}
