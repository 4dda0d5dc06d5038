package io.portolan.converter;

import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.onnx.ModelChecker;
import io.portolan.converter.onnx.StagedModel;
import java.io.IOException;

/**
 * An exported model that does not have its name yet: it can be run, and is removed on closing unless it was published.
 *
 * @param graph what was written
 * @param model the files
 * @param checked what ONNX's own checker said
 */
public record StagedExport(OnnxGraph graph, StagedModel model, ModelChecker.Result checked) implements AutoCloseable {
    /** Removes what has not got its name. */
    @Override
    public void close() throws IOException {
        model.close();
    }
}
