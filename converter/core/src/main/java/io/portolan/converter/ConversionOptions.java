package io.portolan.converter;

import io.portolan.converter.verify.InputSample;
import java.util.List;

/**
 * Options of a conversion from a TensorFlow graph or a JAX program to an ONNX file.
 *
 * @param export the options that every export has
 * @param replace whether files of the model's name may be overwritten
 * @param externalData whether to store constants in a file beside the model; done in any case if they are too large for one file
 * @param verify whether to compare the result with what it was converted from before the file is written
 * @param samples the inputs to compare on; random ones if empty
 * @param tolerance the largest difference that passes, relative to the largest element of an output
 */
public record ConversionOptions(
        ExportOptions export,
        boolean replace,
        boolean externalData,
        boolean verify,
        List<InputSample> samples,
        double tolerance) {
    public ConversionOptions {
        samples = List.copyOf(samples);
    }

    /** Default options: the default export, no file replaced, one file if possible, compared with the source. */
    public static ConversionOptions defaults() {
        ExportOptions export = ExportOptions.defaults();
        return new ConversionOptions(
                export, false, false, true, List.of(), export.weights().tolerance());
    }

    /** A copy that overwrites existing files. */
    public ConversionOptions replacing() {
        return new ConversionOptions(export, true, externalData, verify, samples, tolerance);
    }

    /** A copy that stores constants in a file of their own. */
    public ConversionOptions withExternalData() {
        return new ConversionOptions(export, replace, true, verify, samples, tolerance);
    }

    /** A copy that compares on these samples. */
    public ConversionOptions withSamples(List<InputSample> own) {
        return new ConversionOptions(export, replace, externalData, verify, own, tolerance);
    }
}
