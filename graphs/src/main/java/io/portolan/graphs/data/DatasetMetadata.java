package io.portolan.graphs.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portolan.checkpoints.values.Quotation;
import io.portolan.graphs.data.error.DatasetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The contents of {@code metadata.json} next to TFRecord shards. Both of the reference's scripts write such a file;
 * this class reads the fields that they share, and writes the form of {@code convert_pathfinder_tfrecords.py}.
 *
 * @param difficulty name of the difficulty, such as {@code 14}
 * @param imageSize side of the square images in pixels, if stated
 * @param samples number of samples in each split, if stated
 */
record DatasetMetadata(String difficulty, OptionalInt imageSize, Map<Split, Integer> samples) {
    static final String FILE = "metadata.json";
    private static final String NORMALIZATION = "imagenet";

    /** The name becomes part of a folder's name when the data are converted. */
    private static final Pattern NAME = Pattern.compile("[\\w.-]{0,40}");

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    DatasetMetadata {
        samples = Map.copyOf(samples);
    }

    /** The metadata in a folder, if there is any. */
    static Optional<DatasetMetadata> read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        JsonNode json;
        try {
            json = MAPPER.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException malformed) {
            throw new DatasetException(file + ": not JSON: " + malformed.getOriginalMessage(), malformed);
        }
        String normalization = json.path("normalization").asText(NORMALIZATION);
        if (!normalization.equals(NORMALIZATION)) {
            throw new DatasetException(
                    file + ": normalization is '" + normalization + "'; expected '" + NORMALIZATION + "'");
        }
        Map<Split, Integer> samples = new EnumMap<>(Split.class);
        for (Split split : Split.values()) {
            count(file, json, split.label() + "_samples").ifPresent(count -> samples.put(split, count));
        }
        String difficulty = json.path("difficulty").asText("");
        if (!NAME.matcher(difficulty).matches()) {
            throw new DatasetException(
                    file + ": difficulty is " + Quotation.of(difficulty) + "; expected a short name such as '14'");
        }
        return Optional.of(new DatasetMetadata(difficulty, count(file, json, "image_size"), samples));
    }

    /** Writes the metadata of a finished conversion, {@code shards} being the number of files of each split. */
    void write(Path folder, long seed, Map<Split, Integer> shards) throws IOException {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("difficulty", difficulty);
        json.put("image_size", imageSize.orElseThrow());
        json.put(
                "total_samples",
                samples.values().stream().mapToInt(Integer::intValue).sum());
        json.put("train_ratio", ReferenceSplit.TRAIN_SHARE);
        json.put("val_ratio", ReferenceSplit.VAL_SHARE);
        json.put("seed", seed);
        for (Split split : Split.values()) {
            if (shards.containsKey(split)) {
                json.put(split.label() + "_samples", samples.get(split));
                json.put(split.label() + "_shards", shards.get(split));
            }
        }
        Files.write(folder.resolve(FILE), MAPPER.writeValueAsBytes(json));
    }

    private static OptionalInt count(Path file, JsonNode json, String key) throws DatasetException {
        JsonNode value = json.path(key);
        if (value.isMissingNode()) {
            return OptionalInt.empty();
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber() || value.intValue() < 0) {
            throw new DatasetException(file + ": " + key + " is " + value + "; expected an integer");
        }
        return OptionalInt.of(value.intValue());
    }
}
