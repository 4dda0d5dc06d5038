package io.portolan.converter;

import io.portolan.converter.verify.InputSample;
import java.util.List;

/**
 * How to convert a TensorFlow graph to a file.
 *
 * @param export what every export has a choice of
 * @param replace whether files of the model's name may be overwritten
 * @param externalData whether to keep constants in a file beside the model, which is done in any case where they exceed what one
 *     file can hold
 * @param verify whether to compare with TensorFlow before the file is written
 * @param samples what to compare on; random inputs if there are none
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

    /** The usual export; no file is replaced, one file if it can hold everything, compared with TensorFlow. */
    public static ConversionOptions defaults() {
        ExportOptions export = ExportOptions.defaults();
        return new ConversionOptions(
                export, false, false, true, List.of(), export.weights().tolerance());
    }

    /** The same, but files of the model's name are overwritten. */
    public ConversionOptions replacing() {
        return new ConversionOptions(export, true, externalData, verify, samples, tolerance);
    }

    /** The same, with constants in a file of their own. */
    public ConversionOptions withExternalData() {
        return new ConversionOptions(export, replace, true, verify, samples, tolerance);
    }

    /** The same, compared on these samples. */
    public ConversionOptions withSamples(List<InputSample> own) {
        return new ConversionOptions(export, replace, externalData, verify, own, tolerance);
    }
}
