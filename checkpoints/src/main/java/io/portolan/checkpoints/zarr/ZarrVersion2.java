package io.portolan.checkpoints.zarr;

import io.portolan.checkpoints.json.JsonDocument;
import io.portolan.checkpoints.numpy.DType;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The metadata of zarr v2, in {@code .zarray}. */
final class ZarrVersion2 {
    private static final Map<String, ByteCodec> COMPRESSORS = Stream.of(ByteCodec.ZSTD, ByteCodec.GZIP, ByteCodec.ZLIB)
            .collect(Collectors.toMap(ByteCodec::label, codec -> codec));

    private ZarrVersion2() {}

    static ArrayMetadata parse(JsonDocument json, boolean isComplete) throws CheckpointException {
        Map<?, ?> members = json.object();
        if (!Long.valueOf(2).equals(members.get("zarr_format"))) {
            throw json.wrong("zarr_format", members.get("zarr_format"), "2");
        }
        if (members.get("filters") instanceof List<?> filters && !filters.isEmpty()) {
            throw json.wrong("filters", filters, "no filters, as Orbax writes");
        }
        DType dtype = dtype(json, members.get("dtype"));
        long[] shape = Shapes.array(json, "shape", members.get("shape"), dtype.type());
        PlainCodec elements = new PlainCodec(dtype, order(json, members.get("order"), shape.length));
        Optional<ByteCodec> compressor = compressor(json, members.get("compressor"));
        return new ArrayMetadata(
                json.name(),
                dtype,
                shape,
                Shapes.chunk(json, "chunks", members.get("chunks"), dtype.type()),
                new ChunkKeys("", separator(json, members.get("dimension_separator")), "0"),
                compressor
                        .<ArrayCodec>map(codec -> new PackedCodec(elements, List.of(codec)))
                        .orElse(elements),
                new FillValue(json.name(), dtype.type(), members.get("fill_value"), isComplete));
    }

    /** A type of numpy with its byte order, such as {@code <f4}, or the name of one of ml_dtypes. */
    private static DType dtype(JsonDocument json, Object member) throws CheckpointException {
        String name = json.text("dtype", member);
        return DType.parse(name)
                .or(() -> ElementType.named(name)
                        .filter(ElementType::isExtension)
                        .map(type -> new DType(type, ByteOrder.LITTLE_ENDIAN)))
                .orElseThrow(() -> json.wrong("dtype", name, "a number type such as '<f4' or 'bfloat16'"));
    }

    private static int[] order(JsonDocument json, Object member, int rank) throws CheckpointException {
        return switch (json.text("order", member)) {
            case "C" -> PlainCodec.rowMajor(rank);
            case "F" -> PlainCodec.columnMajor(rank);
            default -> throw json.wrong("order", member, "C or F");
        };
    }

    private static Optional<ByteCodec> compressor(JsonDocument json, Object member) throws CheckpointException {
        if (member == null) {
            return Optional.empty();
        }
        Object id = json.object("compressor", member).get("id");
        ByteCodec codec = COMPRESSORS.get(json.text("the compressor's id", id));
        if (codec == null) {
            throw json.wrong("the compressor", id, Codecs.SUPPORTED);
        }
        return Optional.of(codec);
    }

    private static String separator(JsonDocument json, Object member) throws CheckpointException {
        if (member != null && !Set.of(".", "/").contains(member)) {
            throw json.wrong("dimension_separator", member, "'.' or '/'");
        }
        return member == null ? "." : (String) member;
    }
}
