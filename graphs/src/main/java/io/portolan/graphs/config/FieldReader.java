package io.portolan.graphs.config;

import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.values.ArrayData;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The fields of a model as they are asked for by name, of which arrays show some. Fields that were never asked for are
 * refused where the user gives them.
 */
final class FieldReader {
    private final Description description;
    private final Map<String, Optional<String>> missing = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();

    FieldReader(Description description) {
        this.description = description;
    }

    /** A field that the arrays show, or else the description. */
    String text(String name, Optional<?> shown, String otherwise) {
        asked.add(name);
        Optional<String> said = Optional.ofNullable(description.overrides().get(name))
                .or(() -> Optional.ofNullable(description.options().get(name)).map(String::valueOf))
                .filter(value -> !value.isEmpty());
        if (shown.isPresent()) {
            String value = String.valueOf(shown.get());
            if (said.isPresent() && !same(said.get(), value)) {
                throw new ConfigException("configuration: " + name + " is given as '" + said.get()
                        + "', but the checkpoint's arrays show '" + value + "'");
            }
            return value;
        }
        if (said.isEmpty() && (otherwise == null || !description.isWhole())) {
            missing.put(name, Optional.ofNullable(otherwise));
        }
        return said.orElse(otherwise == null ? "1" : otherwise);
    }

    /** A whole number, 1 or more. */
    int count(String name, Optional<?> shown, String otherwise) {
        String text = text(name, shown, otherwise);
        if (!Values.count().contains(text) || Integer.parseInt(text) < 1) {
            throw new ConfigException("configuration: " + name + " '" + text + "' is not a positive whole number");
        }
        return Integer.parseInt(text);
    }

    /** One of some names. */
    String oneOf(String name, Optional<?> shown, String otherwise, String... names) {
        String text = text(name, shown, otherwise);
        Values values = Values.oneOf(names);
        if (!values.contains(text)) {
            throw new ConfigException(
                    "configuration: " + name + " '" + text + "' is not supported; expected " + values.expected());
        }
        return text;
    }

    /** A number between 0 and 1 that only training depends on; a checkpoint need not say it. */
    double part(String name, double otherwise) {
        asked.add(name);
        String text = Optional.ofNullable(description.overrides().get(name))
                .or(() -> Optional.ofNullable(description.options().get(name)).map(String::valueOf))
                .orElseGet(() -> String.valueOf(otherwise));
        return Values.number(text)
                .filter(part -> part > 0 && part < 1)
                .orElseThrow(() -> new ConfigException(
                        "configuration: " + name + " '" + text + "' is not a number between 0 and 1"));
    }

    /** The size of the image. */
    ImageSize size(Optional<ImageSize> otherwise) {
        return ImageSize.parse(text(
                Field.IMAGE_SIZE.label(),
                Optional.empty(),
                otherwise.map(ImageSize::label).orElse(null)));
    }

    /**
     * Refuses a description that leaves something out, or has a field too many.
     *
     * @throws ConfigException naming all of them
     */
    void requireComplete(Architecture architecture) {
        for (String name : description.overrides().keySet()) {
            if (!asked.contains(name)) {
                throw new ConfigException("configuration: unknown field '" + name + "' of the architecture '"
                        + architecture.label() + "'; expected one of " + String.join(", ", asked));
            }
        }
        if (!missing.isEmpty()) {
            throw new MissingFieldsException(
                    "configuration: the checkpoint does not say " + String.join(", ", missing.keySet()), missing);
        }
    }

    /**
     * Refuses a description with options that the model does not have: for an architecture without a training program
     * that stores the options of all.
     *
     * @throws ConfigException naming them
     */
    void requireNoOthers(Architecture architecture) {
        String others = description.options().keySet().stream()
                .filter(name -> !name.equals(Architecture.LABEL) && !asked.contains(name))
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            throw new ConfigException("configuration: the architecture '" + architecture.label() + "' has no " + others
                    + "; expected some of " + String.join(", ", asked));
        }
    }

    private static boolean same(String a, String b) {
        return a.equals(b) || Values.number(a).isPresent() && Values.number(a).equals(Values.number(b));
    }

    /** An axis of an array. */
    static Optional<Long> axis(ParameterTree tree, String path, int rank, int axis) {
        return tree.find(path)
                .filter(array -> array.rank() == rank)
                .map(ArrayData::shape)
                .map(shape -> shape[axis]);
    }
}
