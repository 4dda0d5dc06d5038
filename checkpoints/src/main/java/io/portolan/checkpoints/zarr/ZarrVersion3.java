package io.portolan.checkpoints.zarr;

import io.portolan.checkpoints.json.JsonDocument;
import io.portolan.checkpoints.numpy.DType;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/** The metadata of zarr v3, in {@code zarr.json}. */
final class ZarrVersion3 {
    private ZarrVersion3() {}

    static ArrayMetadata parse(JsonDocument json, boolean isComplete) throws CheckpointException {
        Map<?, ?> members = json.object();
        if (!Long.valueOf(3).equals(members.get("zarr_format"))) {
            throw json.wrong("zarr_format", members.get("zarr_format"), "3");
        }
        if (!"array".equals(members.get("node_type"))) {
            throw json.wrong("node_type", members.get("node_type"), "'array'");
        }
        if (members.get("storage_transformers") instanceof List<?> transformers && !transformers.isEmpty()) {
            throw json.wrong("storage_transformers", transformers, "none");
        }
        ElementType type = type(json, members.get("data_type"));
        long[] shape = Shapes.array(json, "shape", members.get("shape"), type);
        Named grid = Named.of(json, "chunk_grid", members.get("chunk_grid"));
        if (!grid.name().equals("regular")) {
            throw json.wrong("chunk_grid", grid.name(), "'regular'");
        }
        long[] chunkShape =
                Shapes.chunk(json, "chunk_shape", grid.configuration().get("chunk_shape"), type);
        FillValue fill = new FillValue(json.name(), type, members.get("fill_value"), isComplete);
        return new ArrayMetadata(
                json.name(),
                new DType(type, ByteOrder.LITTLE_ENDIAN),
                shape,
                chunkShape,
                keys(json, members.get("chunk_key_encoding")),
                new Codecs(json, type, fill).chain(members.get("codecs"), chunkShape),
                fill);
    }

    private static ElementType type(JsonDocument json, Object member) throws CheckpointException {
        String name = json.text("data_type", member);
        return ElementType.named(name)
                .orElseThrow(() -> json.wrong("data_type", name, "a number type such as 'float32'"));
    }

    private static ChunkKeys keys(JsonDocument json, Object member) throws CheckpointException {
        Named encoding = Named.of(json, "chunk_key_encoding", member);
        boolean isDefault = encoding.name().equals("default");
        Object given = encoding.configuration().get("separator");
        String separator = given == null ? isDefault ? "/" : "." : json.text("separator", given);
        if (!isDefault && !encoding.name().equals("v2") || !separator.equals("/") && !separator.equals(".")) {
            throw json.wrong("chunk_key_encoding", member, "'default' or 'v2', with '/' or '.'");
        }
        return isDefault ? new ChunkKeys("c" + separator, separator, "c") : new ChunkKeys("", separator, "0");
    }
}
