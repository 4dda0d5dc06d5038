package io.portolan.runtime;

import io.portolan.images.ImageInput;
import io.portolan.images.Normalization;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The metadata of a model file, by which it can be used without further files. They are stored in the
 * {@code metadata_props} of the ONNX file as plain text under keys that start with {@code portolan.}; the exporter
 * writes them and the runtime reads them through this class.
 *
 * @param producerVersion version of Portolan that exported the model
 * @param plan how the graph computes the model: {@code fused}, or {@code faithful}, which follows the reference step by
 *     step
 * @param weights the type that large weights are stored as: {@code float32}, {@code float16} or {@code int8}
 * @param modelConfig the model's configuration as JSON text, which the runtime does not interpret
 * @param source the checkpoint that the weights come from
 * @param normalization the normalisation of the input
 * @param labels the labels of the classes, by class index
 * @param input the form of one input sample
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

    /** Whether a file has such entries, which means that Portolan exported it. */
    public static boolean isIn(Map<String, String> properties) {
        return MetadataText.isIn(properties);
    }

    /**
     * Reads the entries that {@link #toMap()} writes; other entries are ignored.
     *
     * @throws ModelException if an entry is missing or malformed; the message names its key
     */
    public static ModelMetadata from(Map<String, String> properties) {
        return MetadataText.read(properties);
    }

    /** The entries for {@code metadata_props} that store a self-test. */
    public static Map<String, String> toMap(SelfTest test) {
        return MetadataText.write(test);
    }

    /**
     * The self-test in a file; empty if there is none.
     *
     * @throws ModelException if it is malformed
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
