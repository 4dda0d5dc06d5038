package io.portolan.graphs.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Thrown if fields of a configuration are missing; they are not guessed. */
public final class MissingFieldsException extends ConfigException {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, Optional<String>> missing;

    MissingFieldsException(String message, List<Field> fields) {
        super(message);
        Map<String, Optional<String>> values = new LinkedHashMap<>();
        fields.forEach(field -> values.put(field.label(), field.referenceDefault()));
        this.missing = Collections.unmodifiableMap(values);
    }

    /** The names of the missing fields, each with the reference's default if it has one. */
    public Map<String, Optional<String>> missing() {
        return missing;
    }
}
