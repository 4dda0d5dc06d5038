package io.portolan.graphs.config;

import io.portolan.checkpoints.Checkpoint;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds a checkpoint's configuration. Fields that the arrays determine are taken from them, and nothing may contradict
 * them. The other fields are taken from the user's overrides, then from a configuration file, then from the
 * checkpoint's own {@code training_args}. The latter two describe a whole SimpleCSSM, so fields that they omit have
 * SimpleCSSM's defaults; without either, nothing is guessed.
 */
public final class ConfigResolver {
    private static final String TRAINING_ARGS = "training_args";

    private ConfigResolver() {}

    /** Like {@link #resolved}, without the remarks. */
    public static ModelConfig resolve(
            Checkpoint checkpoint, Map<String, String> overrides, Optional<Map<String, Object>> description) {
        return resolved(checkpoint, overrides, description).model();
    }

    /**
     * Resolves a checkpoint's configuration.
     *
     * @param overrides single fields by name, such as {@code pool_type -> max}
     * @param description a parsed configuration file, if there is one
     * @throws ConfigException if fields are missing, unknown, contradictory or not supported
     */
    public static ResolvedConfig resolved(
            Checkpoint checkpoint, Map<String, String> overrides, Optional<Map<String, Object>> description) {
        TreeFacts facts = TreeFacts.of(checkpoint);
        Map<Field, String> stated = stated(overrides);
        Map<String, Object> options = new LinkedHashMap<>(trainingArguments(checkpoint));
        ReferenceOptions.requireKnown(description.orElse(options));
        description.ifPresent(options::putAll);
        ReferenceOptions.requireSupported(options, facts.cell());
        addMissing(stated, known(options));
        List<String> remarks = new ArrayList<>(ReferenceOptions.remarks(options));
        CellNames.settle(stated, options, facts.cell()).ifPresent(remarks::add);
        settleNorm(stated, options, facts.fields().get(Field.NORM));
        requireConsistent(facts, stated);

        Map<Field, String> fields = new EnumMap<>(facts.fields());
        addMissing(fields, stated);
        imageSize(facts, fields);
        if (description.isPresent() || !options.isEmpty()) {
            addMissing(fields, defaults());
        } else {
            fields.putIfAbsent(Field.INPUT, InputForm.IMAGE.label());
        }
        requireComplete(facts, fields);
        return new ResolvedConfig(build(fields), remarks);
    }

    /** Replaces the norm's name by that of the norm that the stem and the body share. */
    private static void settleNorm(Map<Field, String> stated, Map<String, Object> description, String otherwise) {
        String name = stated.getOrDefault(Field.NORM, otherwise);
        boolean readsAllFrames = FrameReadout.ALL.label().equals(stated.get(Field.FRAME_READOUT));
        stated.put(
                Field.NORM, NormNames.shared(name, description, readsAllFrames).label());
    }

    /**
     * The configuration of a model to be trained from scratch: the overrides, then the configuration file, then
     * SimpleCSSM's defaults.
     *
     * @param overrides single fields by name
     * @param description a parsed configuration file, if there is one
     * @param data size of the images in the data set, used if no other size is given
     * @throws ConfigException if fields are unknown, malformed or not supported
     */
    public static ModelConfig fromScratch(
            Map<String, String> overrides, Optional<Map<String, Object>> description, ImageSize data) {
        Map<Field, String> fields = stated(overrides);
        Map<String, Object> options = description.orElse(Map.of());
        ReferenceOptions.requireKnown(options);
        addMissing(fields, known(options));
        addMissing(fields, defaults());
        ReferenceOptions.requireSupported(options, choice(CellType.class, Field.CELL, fields));
        settleNorm(fields, options, fields.get(Field.NORM));
        fields.putIfAbsent(Field.IMAGE_SIZE, data.label());
        ModelConfig config = build(fields);
        if (config.channels() % 2 != 0) {
            throw new ConfigException("configuration: " + Field.CHANNELS.label() + " '" + config.channels()
                    + "' is odd; expected an even number: positions rotate channels in pairs");
        }
        return config;
    }

    private static Map<Field, String> stated(Map<String, String> overrides) {
        Map<Field, String> fields = new EnumMap<>(Field.class);
        overrides.forEach((name, value) -> fields.put(
                Field.named(name)
                        .orElseThrow(() -> new ConfigException("configuration: unknown field '" + name
                                + "'; expected one of " + labels(List.of(Field.values())))),
                value));
        return fields;
    }

    private static Map<Field, String> known(Map<String, Object> description) {
        Map<Field, String> fields = new EnumMap<>(Field.class);
        description.forEach((name, value) -> Field.named(name)
                .filter(field -> !ReferenceOptions.isUnset(value))
                .ifPresent(field -> fields.put(field, String.valueOf(value))));
        return fields;
    }

    /** The training program's stored command line; empty if another program wrote the checkpoint. */
    private static Map<String, Object> trainingArguments(Checkpoint checkpoint) {
        Map<String, Object> description = new LinkedHashMap<>();
        if (checkpoint.metadata().get(TRAINING_ARGS) instanceof Map<?, ?> arguments) {
            arguments.forEach((name, value) -> description.put(String.valueOf(name), value));
        }
        return description;
    }

    private static void requireConsistent(TreeFacts facts, Map<Field, String> stated) {
        facts.fields().forEach((field, inferred) -> {
            String given = stated.getOrDefault(field, inferred);
            if (!given.equals(inferred)) {
                throw new ConfigException("configuration: " + field.label() + " is given as '" + given
                        + "', but the checkpoint's arrays show '" + inferred + "'");
            }
        });
        if (PositionMode.LEARNABLE.label().equals(stated.get(Field.POSITIONS))
                && !facts.fields().containsKey(Field.POSITIONS)) {
            throw new ConfigException(
                    "configuration: pos_embed is given as 'learnable', but the checkpoint has no array 'pos_embed'");
        }
    }

    private static void imageSize(TreeFacts facts, Map<Field, String> fields) {
        String text = fields.computeIfAbsent(
                Field.IMAGE_SIZE,
                field -> facts.squareImage()
                        .map(ImageSize::label)
                        .orElseThrow(() -> new MissingFieldsException(
                                "configuration: image_size (HEIGHTxWIDTH) is missing; the gates are "
                                        + facts.gateWidth() + " wide, which fits no square map",
                                List.of(Field.IMAGE_SIZE))));
        ImageSize size = ImageSize.parse(text);
        int height = ModelConfig.halvedTwice(size.height());
        int width = ModelConfig.halvedTwice(size.width());
        long gateWidth = (long) height * (width / 2 + 1);
        if (gateWidth != facts.gateWidth()) {
            throw new ConfigException("configuration: image_size " + size.label() + " gives a " + height + "x" + width
                    + " map with gates " + gateWidth + " wide, but the checkpoint's gates are " + facts.gateWidth()
                    + " wide"
                    + facts.squareImage()
                            .map(square -> "; a " + square.label() + " image would fit")
                            .orElse(""));
        }
    }

    private static void requireComplete(TreeFacts facts, Map<Field, String> fields) {
        List<Field> missing = new ArrayList<>(List.of(Field.values()));
        missing.removeAll(fields.keySet());
        if (missing.isEmpty()) {
            return;
        }
        String inferred = facts.fields().entrySet().stream()
                .map(entry -> entry.getKey().label() + "=" + entry.getValue())
                .collect(Collectors.joining(", "));
        throw new MissingFieldsException(
                "configuration: the checkpoint does not say " + labels(missing) + " (its arrays show " + inferred + ")",
                missing);
    }

    private static ModelConfig build(Map<Field, String> fields) {
        ImageSize size = ImageSize.parse(fields.get(Field.IMAGE_SIZE));
        return new ModelConfig(
                choice(CellType.class, Field.CELL, fields),
                positive(Field.CHANNELS, fields),
                positive(Field.DEPTH, fields),
                positive(Field.KERNEL_SIZE, fields),
                positive(Field.CLASSES, fields),
                choice(NormType.class, Field.NORM, fields),
                choice(PositionMode.class, Field.POSITIONS, fields),
                choice(ActivationType.class, Field.ACTIVATION, fields),
                choice(Pooling.class, Field.POOLING, fields),
                choice(FrameReadout.class, Field.FRAME_READOUT, fields),
                positive(Field.FRAMES, fields),
                choice(InputForm.class, Field.INPUT, fields),
                size.height(),
                size.width());
    }

    private static <E extends Enum<E> & Choice> E choice(Class<E> type, Field field, Map<Field, String> fields) {
        return Choice.parse(type, field.label(), fields.get(field));
    }

    private static int positive(Field field, Map<Field, String> fields) {
        String text = fields.get(field);
        try {
            int value = Integer.parseInt(text);
            if (value > 0) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Falls through to the common message for malformed numbers.
        }
        throw new ConfigException("configuration: " + field.label() + " '" + text + "' is not a positive integer");
    }

    private static Map<Field, String> defaults() {
        Map<Field, String> fields = new EnumMap<>(Field.class);
        for (Field field : Field.values()) {
            field.referenceDefault().ifPresent(value -> fields.put(field, value));
        }
        return fields;
    }

    private static void addMissing(Map<Field, String> fields, Map<Field, String> more) {
        more.forEach(fields::putIfAbsent);
    }

    private static String labels(List<Field> fields) {
        return fields.stream().map(Field::label).collect(Collectors.joining(", "));
    }
}
