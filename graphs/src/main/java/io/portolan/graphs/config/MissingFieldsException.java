package io.portolan.graphs.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Thrown if fields of a configuration are missing; they are not guessed. */
public final class MissingFieldsException extends ConfigException {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, Optional<String>> missing;

    /** @param missing the names of the fields, each with the reference's default if it has one */
    MissingFieldsException(String message, Map<String, Optional<String>> missing) {
        super(message);
        this.missing = Collections.unmodifiableMap(new LinkedHashMap<>(missing));
    }

    /** The names of the missing fields, each with the reference's default if it has one. */
    public Map<String, Optional<String>> missing() {
        return missing;
    }
}
