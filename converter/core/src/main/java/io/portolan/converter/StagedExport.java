package io.portolan.converter;

import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.onnx.ModelChecker;
import io.portolan.converter.onnx.StagedModel;
import java.io.IOException;

/**
 * An exported model that is not published yet: it can be loaded and run, and is deleted on closing unless it was published.
 *
 * @param graph the graph that was written
 * @param model the staged files
 * @param opset the opset that it was written in
 * @param checked the result of the ONNX checker
 */
public record StagedExport(OnnxGraph graph, StagedModel model, Opset opset, ModelChecker.Result checked)
        implements AutoCloseable {
    /** Deletes all files that were not published. */
    @Override
    public void close() throws IOException {
        model.close();
    }
}
