package io.portolan.converter.export;

import io.portolan.converter.ir.Opset;

/**
 * How to convert a TensorFlow graph.
 *
 * @param opset the operator set to write
 * @param replace whether files of the model's name may be overwritten
 * @param externalData whether to keep constants in a file beside the model, which is done in any case where they exceed what one
 *     file can hold
 * @param verify whether to compare with TensorFlow before the file is written
 * @param tolerance the largest difference that passes, relative to the largest element of an output
 */
public record ConversionOptions(Opset opset, boolean replace, boolean externalData, boolean verify, double tolerance) {
    /** Opset 18, no file is replaced, one file if it can hold everything, compared with TensorFlow. */
    public static ConversionOptions defaults() {
        return new ConversionOptions(Opset.DEFAULT, false, false, true, 2e-5);
    }

    /** The same, but files of the model's name are overwritten. */
    public ConversionOptions replacing() {
        return new ConversionOptions(opset, true, externalData, verify, tolerance);
    }
}
