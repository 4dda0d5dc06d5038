package io.portolan.runtime;

import io.portolan.images.ImageInput;
import io.portolan.images.Normalization;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a model file says about itself, so that it can be used without anything beside it. It travels in the
 * {@code metadata_props} of the ONNX file as plain text under keys that start with {@code portolan.}; the exporter
 * writes and the runtime reads them through this class.
 *
 * @param producerVersion version of Portolan that exported the model
 * @param plan how the graph computes the model: {@code fused} or {@code faithful}, which is step for step as the
 *     reference
 * @param weights the type that large weights are stored as: {@code float32}, {@code float16} or {@code int8}
 * @param modelConfig the model's configuration as JSON text, which the runtime passes through unread
 * @param source the checkpoint that the weights come from
 * @param normalization of the input
 * @param labels of the classes; the position is the class
 * @param input what one sample of the input is
 */
public record ModelMetadata(
        String producerVersion,
        String plan,
        String weights,
        String modelConfig,
        ModelSource source,
        Normalization normalization,
        List<String> labels,
        ImageInput input) {

    /** Pathfinder's classes: are the two dots connected? */
    public static final List<String> PATHFINDER_LABELS = List.of("disconnected", "connected");

    /** @throws IllegalArgumentException if there is no label, or one is blank or has a line break */
    public ModelMetadata {
        requireText("producerVersion", producerVersion);
        requireText("plan", plan);
        requireText("weights", weights);
        requireText("modelConfig", modelConfig);
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(normalization, "normalization");
        Objects.requireNonNull(input, "input");
        labels = requireLabels(labels);
    }

    /** The entries for {@code metadata_props}, in a fixed order. */
    public Map<String, String> toMap() {
        return MetadataText.write(this);
    }

    /** Whether a file has such entries at all: whether Portolan exported it. */
    public static boolean isIn(Map<String, String> properties) {
        return MetadataText.isIn(properties);
    }

    /**
     * Reads the entries that {@link #toMap()} writes; entries of others are ignored.
     *
     * @throws ModelException if an entry is missing or garbled; the message names its key
     */
    public static ModelMetadata from(Map<String, String> properties) {
        return MetadataText.read(properties);
    }

    /** The entries for {@code metadata_props} by which a file carries a self-test. */
    public static Map<String, String> toMap(SelfTest test) {
        return MetadataText.write(test);
    }

    /**
     * The self-test that a file carries; empty if it has none.
     *
     * @throws ModelException if it is garbled
     */
    public static Optional<SelfTest> selfTest(Map<String, String> properties) {
        return MetadataText.readSelfTest(properties);
    }

    static List<String> requireLabels(List<String> labels) {
        if (labels.isEmpty()
                || labels.stream()
                        .anyMatch(label -> label.isBlank() || label.lines().count() != 1)) {
            throw new IllegalArgumentException("labels must be one line of text each, at least one, not " + labels);
        }
        return List.copyOf(labels);
    }

    private static void requireText(String name, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " is blank");
        }
    }
}
