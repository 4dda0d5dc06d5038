package io.portolan.checkpoints.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.portolan.checkpoints.containers.ByteRegionInputStream;
import io.portolan.checkpoints.containers.MappedFile;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A model in several safetensors files, with an index that names the file of each tensor:
 * <code>{"metadata": {…}, "weight_map": {"tensor": "model-00001-of-00002.safetensors", …}}</code>.
 */
public final class ShardedSafetensors {
    private static final int LARGEST_INDEX = SafetensorsFile.LONGEST_HEADER;
    private static final int HEAD = 1 << 16;
    private static final String WEIGHT_MAP = "weight_map";

    /** The pattern of shard names: plain names, so that a shard is always next to its index. */
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*\\.safetensors");

    private ShardedSafetensors() {}

    /** Whether a file looks like an index: JSON text with a weight map near its start. */
    public static boolean matches(ByteBuffer file) {
        ByteBuffer head = file.slice(file.position(), Math.min(HEAD, file.remaining()));
        String text = StandardCharsets.ISO_8859_1.decode(head).toString();
        return text.stripLeading().startsWith("{") && text.contains('"' + WEIGHT_MAP + '"');
    }

    /**
     * Reads all tensors of an index, in order, as views of the shards.
     *
     * @throws CheckpointException if the index or a shard is malformed, or their tensors differ
     */
    public static SafetensorsFile read(Path index) throws IOException {
        Map<String, String> shardOf = weightMap(index);
        Map<String, SafetensorsFile> shards = new HashMap<>();
        for (String shard : shardOf.values()) {
            if (!shards.containsKey(shard)) {
                shards.put(shard, shard(index, shard));
            }
        }
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, String> entry : shardOf.entrySet()) {
            SafetensorsFile shard = shards.get(entry.getValue());
            metadata.putAll(shard.metadata());
            ArrayData array = shard.arrays().get(entry.getKey());
            if (array == null) {
                throw new CheckpointException(index + ": the tensor " + Quotation.of(entry.getKey()) + " is not in "
                        + entry.getValue() + ": expected shards that belong to this index");
            }
            arrays.put(entry.getKey(), array);
        }
        long held = shards.values().stream()
                .mapToLong(shard -> shard.arrays().size())
                .sum();
        if (held != arrays.size()) {
            throw new CheckpointException(index + ": the shards hold " + held + " tensors and the index names "
                    + arrays.size() + ": expected the same; the shards may belong to another index");
        }
        return new SafetensorsFile(arrays, metadata);
    }

    /**
     * The files of a model: its index, followed by the shards by name.
     *
     * @throws CheckpointException if the index is malformed
     */
    public static List<Path> files(Path index) throws IOException {
        return Stream.concat(
                        Stream.of(index),
                        weightMap(index).values().stream().distinct().sorted().map(index::resolveSibling))
                .toList();
    }

    private static Map<String, String> weightMap(Path index) throws IOException {
        if (Files.size(index) > LARGEST_INDEX) {
            throw new CheckpointException(
                    index + ": an index of more than " + LARGEST_INDEX + " bytes: expected names only");
        }
        Map<String, String> shardOf = new LinkedHashMap<>();
        try (JsonParser parser = NameBudget.JSON.createParser(new ByteRegionInputStream(MappedFile.region(index)))) {
            boolean object = parser.nextToken() == JsonToken.START_OBJECT;
            while (object && parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean map = parser.currentName().equals(WEIGHT_MAP);
                if (parser.nextToken() == JsonToken.START_OBJECT && map) {
                    readWeightMap(index, parser, shardOf);
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw new CheckpointException(index + ": text after the object: expected nothing but blanks");
            }
        } catch (JsonProcessingException malformed) {
            throw new CheckpointException(
                    index + ": malformed JSON at byte "
                            + (malformed.getLocation() == null
                                    ? 0
                                    : Math.max(0, malformed.getLocation().getByteOffset()))
                            + ": expected the index of a sharded .safetensors model",
                    malformed);
        }
        if (shardOf.isEmpty()) {
            throw new CheckpointException(
                    index + ": no " + WEIGHT_MAP + ": expected an object that names the file of each tensor");
        }
        return shardOf;
    }

    private static void readWeightMap(Path index, JsonParser parser, Map<String, String> shardOf) throws IOException {
        NameBudget budget = new NameBudget();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String tensor = parser.currentName();
            if (!budget.admits(tensor)) {
                throw new CheckpointException(
                        index + ": the name " + Quotation.of(tensor) + ": expected " + NameBudget.EXPECTATION);
            }
            boolean text = parser.nextToken() == JsonToken.VALUE_STRING;
            String shard = parser.getText();
            if (!text || !SHARD.matcher(shard).matches()) {
                throw new CheckpointException(index + ": the shard " + Quotation.of(shard) + " of the tensor "
                        + Quotation.of(tensor) + ": expected the plain name of a .safetensors file beside the index");
            }
            shardOf.put(tensor, shard);
        }
    }

    private static SafetensorsFile shard(Path index, String name) throws IOException {
        Path file = index.resolveSibling(name);
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(index + ": the shard " + name + " is missing: expected it beside the index");
        }
        return SafetensorsFile.read(MappedFile.region(file), file.toString());
    }
}
