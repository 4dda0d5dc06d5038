package io.portolan.converter;

import io.portolan.converter.onnx.StagedModel;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The destination of an exported model.
 *
 * @param file the model file
 * @param replace whether files of the model's name may be overwritten
 * @param externalData whether to store constants in a file beside the model; done in any case if they are too large for one file
 */
public record Destination(Path file, boolean replace, boolean externalData) {
    /** One file if possible; existing files are not overwritten. */
    public static Destination of(Path file) {
        return new Destination(file, false, false);
    }

    /**
     * Checks that the files can be written, so that a lengthy export does not fail at its end.
     *
     * @throws IOException if it cannot be written, or exists and may not be overwritten
     */
    public void requireWritable() throws IOException {
        StagedModel.requireWritable(file, replace, externalData);
    }
}
