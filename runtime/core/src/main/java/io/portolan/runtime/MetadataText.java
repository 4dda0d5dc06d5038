package io.portolan.runtime;

import io.portolan.images.ImageInput;
import io.portolan.images.InputLayout;
import io.portolan.images.Normalization;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The text form of {@link ModelMetadata}, which any language can read without a library: decimal numbers, lists of
 * numbers separated by commas, one label per line.
 */
final class MetadataText {
    private static final String FORMAT = "portolan.format";
    private static final String FORMAT_VERSION = "1";
    private static final String PRODUCER_VERSION = "portolan.version";
    private static final String PLAN = "portolan.plan";
    private static final String WEIGHTS = "portolan.weights";
    private static final String MODEL_CONFIG = "portolan.model";
    private static final String SOURCE_FILE = "portolan.source.file";
    private static final String SOURCE_SHA256 = "portolan.source.sha256";
    private static final String LAYOUT = "portolan.input.layout";
    private static final String FRAMES = "portolan.input.frames";
    private static final String HEIGHT = "portolan.input.height";
    private static final String WIDTH = "portolan.input.width";
    private static final String MEAN = "portolan.input.mean";
    private static final String STD = "portolan.input.std";
    private static final String LABELS = "portolan.labels";
    private static final String SELF_TEST_SEED = "portolan.selftest.seed";
    private static final String SELF_TEST_LOGITS = "portolan.selftest.logits";
    private static final String SELF_TEST_TOLERANCE = "portolan.selftest.tolerance";

    private final Map<String, String> properties;

    private MetadataText(Map<String, String> properties) {
        this.properties = properties;
    }

    static Map<String, String> write(ModelMetadata metadata) {
        ImageInput input = metadata.input();
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(FORMAT, FORMAT_VERSION);
        properties.put(PRODUCER_VERSION, metadata.producerVersion());
        properties.put(PLAN, metadata.plan());
        properties.put(WEIGHTS, metadata.weights());
        properties.put(MODEL_CONFIG, metadata.modelConfig());
        properties.put(SOURCE_FILE, metadata.source().fileName());
        properties.put(SOURCE_SHA256, metadata.source().sha256());
        properties.put(LAYOUT, input.layout().name());
        if (input.layout() == InputLayout.NTHWC) {
            properties.put(FRAMES, Integer.toString(input.frames()));
        }
        properties.put(HEIGHT, Integer.toString(input.height()));
        properties.put(WIDTH, Integer.toString(input.width()));
        properties.put(MEAN, numbers(metadata.normalization().mean()));
        properties.put(STD, numbers(metadata.normalization().std()));
        properties.put(LABELS, String.join("\n", metadata.labels()));
        return properties;
    }

    static Map<String, String> write(SelfTest test) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(SELF_TEST_SEED, Long.toString(test.seed()));
        properties.put(SELF_TEST_LOGITS, numbers(test.logits()));
        properties.put(SELF_TEST_TOLERANCE, Double.toString(test.tolerance()));
        return properties;
    }

    /** Reads the self-test; files that were not verified against TensorFlow have none. */
    static Optional<SelfTest> readSelfTest(Map<String, String> properties) {
        if (!properties.containsKey(SELF_TEST_SEED)) {
            return Optional.empty();
        }
        MetadataText text = new MetadataText(properties);
        long seed = text.get(SELF_TEST_SEED, Long::valueOf);
        double tolerance = text.get(SELF_TEST_TOLERANCE, Double::valueOf);
        return Optional.of(text.get(SELF_TEST_LOGITS, logits -> new SelfTest(seed, numbers(logits), tolerance)));
    }

    static boolean isIn(Map<String, String> properties) {
        return properties.containsKey(FORMAT);
    }

    static ModelMetadata read(Map<String, String> properties) {
        MetadataText text = new MetadataText(properties);
        text.requireFormat();
        return new ModelMetadata(
                text.get(PRODUCER_VERSION),
                text.get(PLAN),
                text.weights(),
                text.get(MODEL_CONFIG),
                text.source(),
                text.normalization(),
                text.get(
                        LABELS,
                        labels -> ModelMetadata.requireLabels(labels.lines().toList())),
                text.input());
    }

    private void requireFormat() {
        String format = get(FORMAT);
        if (!format.equals(FORMAT_VERSION)) {
            throw new ModelException("metadata " + FORMAT + " is '" + format + "', this version reads " + FORMAT_VERSION
                    + "; use the version of Portolan that exported the model");
        }
    }

    /** The weight type, which older files do not state. */
    private String weights() {
        return properties.containsKey(WEIGHTS) ? get(WEIGHTS) : "float32";
    }

    private ModelSource source() {
        String fileName = get(SOURCE_FILE);
        return get(SOURCE_SHA256, digest -> new ModelSource(fileName, digest));
    }

    private Normalization normalization() {
        List<Float> mean = get(MEAN, MetadataText::channels);
        return get(STD, std -> new Normalization(mean, channels(std)));
    }

    private ImageInput input() {
        InputLayout layout = get(LAYOUT, InputLayout::valueOf);
        int frames = layout == InputLayout.NTHWC ? get(FRAMES, MetadataText::size) : 1;
        int height = get(HEIGHT, MetadataText::size);
        return get(
                WIDTH,
                width -> new ImageInput(
                        layout,
                        frames,
                        height,
                        size(width),
                        normalization().mean().size()));
    }

    private String get(String key) {
        String value = properties.get(key);
        if (value == null || value.isBlank()) {
            throw new ModelException("metadata " + key + " is missing; export the model with Portolan");
        }
        return value;
    }

    private <T> T get(String key, Function<String, T> parser) {
        String value = get(key);
        try {
            return parser.apply(value);
        } catch (IllegalArgumentException garbled) {
            throw new ModelException(
                    "metadata " + key + " is malformed: '" + value.replaceAll("\\s+", " ")
                            + "'; export the model again",
                    garbled);
        }
    }

    private static int size(String text) {
        int size = Integer.parseInt(text);
        if (size < 1) {
            throw new IllegalArgumentException("a size must be positive");
        }
        return size;
    }

    private static String numbers(List<Float> values) {
        // Float.toString gives the shortest decimal that reads back as the same float.
        return values.stream().map(value -> Float.toString(value)).collect(Collectors.joining(","));
    }

    private static List<Float> numbers(String text) {
        return Arrays.stream(text.split(",")).map(Float::valueOf).toList();
    }

    private static List<Float> channels(String text) {
        List<Float> values = numbers(text);
        if (values.size() != 1 && values.size() != ImageInput.CHANNELS
                || !values.stream().allMatch(Float::isFinite)) {
            throw new IllegalArgumentException("one or three finite numbers expected");
        }
        return values;
    }
}
