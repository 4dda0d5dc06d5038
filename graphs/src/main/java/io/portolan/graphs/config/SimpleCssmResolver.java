package io.portolan.graphs.config;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the configuration of a SimpleCSSM. */
final class SimpleCssmResolver implements Architecture.Resolver {
    /**
     * Names that the reference once trained {@code hgru_bi} by: at revision fdc9b22 every name but {@code transformer}
     * and {@code gated}.
     */
    private static final List<String> NAMES_WITHOUT_MEANING =
            List.of("kqv", "standard", "opponent", "hgru", "bilinear");

    @Override
    public ResolvedConfig resolve(Checkpoint checkpoint, Description description) {
        ParameterTree tree = checkpoint.parameters();
        TreeFacts facts = TreeFacts.of(checkpoint);
        CellType cell = facts.cell();
        List<String> remarks = new ArrayList<>(ReferenceOptions.remarks(description.options()));
        Stated stated = Stated.of(description, cell);
        settleName(stated, description.options(), cell).ifPresent(remarks::add);
        Options options = options(stated, tree, cell);
        requireConsistent(facts, stated.fields());

        Map<Field, String> fields = new EnumMap<>(facts.fields());
        stated.fields().forEach(fields::putIfAbsent);
        if (!fields.containsKey(Field.NORM) && !description.isWhole()) {
            fields.put(Field.NORM, (facts.bodyHasStatistics() ? NormType.BATCH : NormType.LAYER).label());
        }
        imageSize(MapEvidence.of(tree, cell, options.gateType()), options, fields);
        if (description.isWhole()) {
            defaults().forEach(fields::putIfAbsent);
        } else {
            fields.putIfAbsent(Field.INPUT, InputForm.IMAGE.label());
        }
        requireComplete(facts, options, fields);
        SimpleCssmConfig config = build(fields, options);
        requireStatistics(config.stemNorm(), facts.stemHasStatistics(), stated, ModelOption.STEM_NORM);
        requireStatistics(config.bodyNorm(), facts.bodyHasStatistics(), stated, ModelOption.BODY_NORM);
        return new ResolvedConfig(config, remarks);
    }

    @Override
    public SimpleCssmConfig fromScratch(Description description, ImageSize data) {
        Map<String, Object> described = description.options();
        String name = Stream.of(
                        description.overrides().get(Field.CELL.label()),
                        described.get(Field.CELL.label()),
                        described.get(ReferenceOptions.CELL_ARGUMENT))
                .filter(value -> !ReferenceOptions.isUnset(value))
                .findFirst()
                .map(String::valueOf)
                .orElse(Field.CELL.referenceDefault().orElseThrow());
        CellType cell = CellType.called(name);
        if (cell == CellType.GATED && described.containsKey(ModelOption.SHORT_CONV_SIZE.label())) {
            cell = CellType.SPECTRAL_MAMBA;
        }
        Stated stated = Stated.of(description, cell);
        Map<Field, String> fields = new EnumMap<>(stated.fields());
        fields.put(Field.CELL, cell.label());
        defaults().forEach(fields::putIfAbsent);
        fields.putIfAbsent(Field.IMAGE_SIZE, data.label());
        Map<ModelOption, String> options = new EnumMap<>(stated.options());
        for (ModelOption option : ModelOption.values()) {
            if (option.appliesTo(cell) && option.referenceDefault().isEmpty() && !options.containsKey(option)) {
                throw missing(List.of(), List.of(option), Map.of());
            }
        }
        SimpleCssmConfig config = build(fields, Options.of(options));
        if (config.channels() % 2 != 0) {
            throw new ConfigException("configuration: " + Field.CHANNELS.label() + " '" + config.channels()
                    + "' is odd; expected an even number: positions rotate channels in pairs");
        }
        return config;
    }

    /**
     * Removes a name that the arrays tell better: some mean one cell in one revision and another in the next.
     *
     * @return a remark on the name; empty if it is the cell's, or none is given
     */
    private static Optional<String> settleName(Stated stated, Map<String, Object> options, CellType shown) {
        String name = stated.fields().get(Field.CELL);
        if (name != null && shown.isCalled(name)) {
            stated.fields().put(Field.CELL, shown.label());
            return name.equals("kqv") ? Optional.of(remark(Field.CELL.label(), name, shown)) : Optional.empty();
        }
        if (NAMES_WITHOUT_MEANING.contains(String.valueOf(name))) {
            stated.fields().remove(Field.CELL);
            return Optional.of(remark(Field.CELL.label(), name, shown));
        }
        // The training program knows more names than there are cells, so its word is not held against the arrays.
        Object argument = options.get(ReferenceOptions.CELL_ARGUMENT);
        return name != null || ReferenceOptions.isUnset(argument) || shown.isCalled(String.valueOf(argument))
                ? Optional.empty()
                : Optional.of(remark(ReferenceOptions.CELL_ARGUMENT, argument, shown));
    }

    private static String remark(String option, Object name, CellType shown) {
        return option + " '" + name + "' names different cells in different revisions; the arrays are those of '"
                + shown.label() + "', which is built";
    }

    /** The options that the arrays and the description give, which must agree. */
    private static Options options(Stated stated, ParameterTree tree, CellType cell) {
        Map<ModelOption, String> values = new EnumMap<>(ModelOption.class);
        List<ModelOption> missing = new ArrayList<>();
        Map<String, String> shown = new LinkedHashMap<>();
        for (ModelOption option : ModelOption.values()) {
            if (!option.appliesTo(cell)) {
                continue;
            }
            Evidence evidence = option.evidence(tree, cell);
            String value = stated.options().get(option);
            if (value != null && !evidence.fits().test(value)) {
                throw new ConfigException("configuration: " + option.label() + " is given as '" + value
                        + "', but the checkpoint's arrays show " + evidence.shown());
            }
            Optional<String> settled = Optional.ofNullable(value)
                    .or(evidence::only)
                    .or(() -> option.referenceDefault().filter(evidence.fits()));
            settled.ifPresentOrElse(text -> values.put(option, text), () -> {
                missing.add(option);
                shown.put(option.label(), evidence.shown());
            });
        }
        if (!missing.isEmpty()) {
            throw missing(List.of(), missing, shown);
        }
        return Options.of(values);
    }

    private static void requireConsistent(TreeFacts facts, Map<Field, String> stated) {
        facts.fields().forEach((field, inferred) -> {
            String value = stated.getOrDefault(field, inferred);
            if (!value.equals(inferred)) {
                throw new ConfigException("configuration: " + field.label() + " is given as '" + value
                        + "', but the checkpoint's arrays show '" + inferred + "'");
            }
        });
        requireArray(facts, stated, PositionMode.LEARNABLE, "pos_embed");
        requireArray(facts, stated, PositionMode.SEPARATE, "temporal_embed");
    }

    private static void requireArray(TreeFacts facts, Map<Field, String> stated, PositionMode mode, String array) {
        if (mode.label().equals(stated.get(Field.POSITIONS))
                && !mode.label().equals(facts.fields().get(Field.POSITIONS))) {
            throw new ConfigException("configuration: pos_embed is given as '" + mode.label()
                    + "', but the checkpoint has no array '" + array + "'");
        }
    }

    /** Batch norm, and only that, has running statistics. */
    private static void requireStatistics(NormType norm, boolean hasStatistics, Stated stated, ModelOption own) {
        if ((norm == NormType.BATCH) != hasStatistics) {
            String field = stated.options().containsKey(own) ? own.label() : Field.NORM.label();
            throw new ConfigException("configuration: " + field + " is given as '" + norm.label()
                    + "', but the checkpoint has " + (hasStatistics ? "" : "no ") + "running statistics, which "
                    + (hasStatistics ? "only " : "") + "batch norm has");
        }
    }

    private static void imageSize(MapEvidence map, Options options, Map<Field, String> fields) {
        int halvings = halvings(options);
        Optional<String> square = map.squareSide()
                .filter(side -> (long) side << halvings <= ImageSize.LARGEST)
                .map(side -> new ImageSize(side << halvings, side << halvings).label());
        String text = fields.computeIfAbsent(
                Field.IMAGE_SIZE,
                field -> square.orElseThrow(() -> new MissingFieldsException(
                        "configuration: image_size (HEIGHTxWIDTH) is missing; " + map.shown()
                                + (map.isEmpty() ? "" : ", which no square map fits"),
                        Map.of(Field.IMAGE_SIZE.label(), Optional.empty()))));
        ImageSize size = ImageSize.parse(text);
        int height = SimpleCssmConfig.halved(size.height(), halvings);
        int width = SimpleCssmConfig.halved(size.width(), halvings);
        map.misfit(height, width).ifPresent(misfit -> {
            throw new ConfigException("configuration: image_size " + size.label() + " gives " + misfit
                    + square.map(fits -> "; a " + fits + " image would fit").orElse(""));
        });
    }

    private static int halvings(Options options) {
        return options.text(ModelOption.STEM_MODE).equals("pathtracker") ? 0 : options.count(ModelOption.STEM_LAYERS);
    }

    private static void requireComplete(TreeFacts facts, Options options, Map<Field, String> fields) {
        List<Field> missing = Arrays.stream(Field.values())
                .filter(field -> !fields.containsKey(field))
                .filter(field -> field != Field.KERNEL_SIZE || facts.cell().hasKernel())
                .toList();
        if (!missing.isEmpty()) {
            Map<String, String> shown = new LinkedHashMap<>();
            facts.fields().forEach((field, value) -> shown.put(field.label(), value));
            options.different().forEach((option, value) -> shown.put(option.label(), value));
            if (fields.containsKey(Field.NORM)) {
                shown.put(Field.NORM.label(), fields.get(Field.NORM));
            }
            throw missing(missing, List.of(), shown);
        }
    }

    private static MissingFieldsException missing(
            List<Field> fields, List<ModelOption> options, Map<String, String> shown) {
        Map<String, Optional<String>> missing = new LinkedHashMap<>();
        fields.forEach(field -> missing.put(field.label(), field.referenceDefault()));
        options.forEach(option -> missing.put(option.label(), option.referenceDefault()));
        String inferred = shown.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(", "));
        return new MissingFieldsException(
                "configuration: the checkpoint does not say " + String.join(", ", missing.keySet())
                        + (inferred.isEmpty() ? "" : " (its arrays show " + inferred + ")"),
                missing);
    }

    private static SimpleCssmConfig build(Map<Field, String> fields, Options options) {
        ImageSize size = ImageSize.parse(fields.get(Field.IMAGE_SIZE));
        CellType cell = CellType.called(fields.get(Field.CELL));
        return new SimpleCssmConfig(
                cell,
                positive(Field.CHANNELS, fields),
                positive(Field.DEPTH, fields),
                cell.hasKernel() ? positive(Field.KERNEL_SIZE, fields) : 1,
                positive(Field.CLASSES, fields),
                choice(NormType.class, Field.NORM, fields),
                choice(PositionMode.class, Field.POSITIONS, fields),
                choice(ActivationType.class, Field.ACTIVATION, fields),
                choice(Pooling.class, Field.POOLING, fields),
                choice(FrameReadout.class, Field.FRAME_READOUT, fields),
                positive(Field.FRAMES, fields),
                choice(InputForm.class, Field.INPUT, fields),
                size.height(),
                size.width(),
                options);
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
            // Falls through to the one message for every malformed number.
        }
        throw new ConfigException("configuration: " + field.label() + " '" + text + "' is not a positive whole number");
    }

    private static Map<Field, String> defaults() {
        Map<Field, String> fields = new EnumMap<>(Field.class);
        for (Field field : Field.values()) {
            field.referenceDefault().ifPresent(value -> fields.put(field, value));
        }
        return fields;
    }
}
