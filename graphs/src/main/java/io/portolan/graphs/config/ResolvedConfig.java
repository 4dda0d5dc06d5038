package io.portolan.graphs.config;

import java.util.List;

/**
 * A checkpoint's resolved configuration.
 *
 * @param model the configuration of the model
 * @param remarks notes for the user on how it was found, one sentence each; usually empty
 */
public record ResolvedConfig(ModelConfig model, List<String> remarks) {
    public ResolvedConfig {
        remarks = List.copyOf(remarks);
    }
}
