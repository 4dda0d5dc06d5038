package io.portolan.exporter;

import io.portolan.graphs.config.ConfigException;

/** Names were given for another number of classes than the model has. */
public final class LabelCountException extends ConfigException {
    private static final long serialVersionUID = 1;

    LabelCountException(int labels, int classes) {
        super("labels: " + labels + " labels were given, but the model has " + classes + " classes");
    }
}
