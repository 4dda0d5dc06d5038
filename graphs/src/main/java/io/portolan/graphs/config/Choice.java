package io.portolan.graphs.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A configuration value from a closed set, with the reference's name for it. Implemented by enums. */
public interface Choice {
    String name();

    /** The value's name in JSON and on the command line. */
    default String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the constant with a label.
     *
     * @throws ConfigException if there is none; the message lists the known labels
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
