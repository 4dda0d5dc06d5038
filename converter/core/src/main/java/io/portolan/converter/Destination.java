package io.portolan.converter;

import io.portolan.converter.onnx.StagedModel;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where a model is written.
 *
 * @param file the model
 * @param replace whether files of the model's name may be overwritten
 * @param externalData whether to keep constants in a file beside the model, which is done in any case where they exceed what one
 *     file can hold
 */
public record Destination(Path file, boolean replace, boolean externalData) {
    /** One file if it can hold everything; none that exists is overwritten. */
    public static Destination of(Path file) {
        return new Destination(file, false, false);
    }

    /**
     * Finds out what is wrong with the place before the work whose result it shall hold.
     *
     * @throws IOException if it cannot be written, or exists and may not be overwritten
     */
    public void requireWritable() throws IOException {
        StagedModel.requireWritable(file, replace, externalData);
    }
}
