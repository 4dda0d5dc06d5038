package io.portolan.graphs.config;

/** A model configuration that is incomplete, unknown or at odds with its checkpoint. The message says what to do. */
public class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
