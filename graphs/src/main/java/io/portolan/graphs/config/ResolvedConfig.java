package io.portolan.graphs.config;

import java.util.List;

/**
 * A checkpoint's configuration.
 *
 * @param model what the checkpoint is built as
 * @param remarks what a user should know of how it was found, each one sentence; most often none
 */
public record ResolvedConfig(ModelConfig model, List<String> remarks) {
    public ResolvedConfig {
        remarks = List.copyOf(remarks);
    }
}
