package io.portolan.graphs.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A configuration value out of a closed set, under the name that the reference gives it. Implemented by enums. */
public interface Choice {
    String name();

    /** The value's name in JSON and on the command line. */
    default String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The constant with that label.
     *
     * @throws ConfigException if there is none; the message lists what there is
     */
    static <E extends Enum<E> & Choice> E parse(Class<E> type, String field, String label) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new ConfigException("configuration: " + field + " '" + label + "' is not one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(Choice::label)
                                .collect(Collectors.joining(", "))));
    }
}
