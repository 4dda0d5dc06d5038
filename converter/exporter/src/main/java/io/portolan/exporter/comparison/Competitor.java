package io.portolan.exporter.comparison;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A model of a comparison.
 *
 * @param name in the table; letters, digits, spaces and {@code . _ + -}
 * @param note about the model, shown below the table; empty for none
 * @param config its fields as in a configuration file, such as {@code arch} and {@code cssm_type}; {@code image_size} is that of the
 *     comparison if it is not given
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Competitor(String name, String note, Map<String, Object> config) {
    private static final Pattern NAMES = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._+-]{0,59}");

    /** @throws IllegalArgumentException if the name is missing or has other characters, or there is no configuration */
    public Competitor {
        if (name == null || !NAMES.matcher(name).matches()) {
            throw new IllegalArgumentException("name is "
                    + (name == null ? "missing" : "'" + name + "'")
                    + "; expected up to 60 letters, digits, spaces and . _ + -, with a letter or digit first");
        }
        if (config == null) {
            throw new IllegalArgumentException("config is missing; expected the model's fields");
        }
        note = note == null ? "" : note;
        config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
    }

    /** The name of its folder. */
    String folder() {
        return name.toLowerCase(Locale.ROOT).replace(' ', '-');
    }
}
