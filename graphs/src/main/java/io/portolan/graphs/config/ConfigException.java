package io.portolan.graphs.config;

/**
 * Thrown if a model configuration is incomplete, has unknown fields, or contradicts its checkpoint. The message says
 * what to do.
 */
public class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
