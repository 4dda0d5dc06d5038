package io.portolan.converter.verify;

/**
 * The agreement of TensorFlow and ONNX Runtime on one output of a model.
 *
 * @param inputs the name of the inputs that the model was run on
 * @param output name of the output
 * @param type element type and shape
 * @param maxAbsolute the largest difference of two elements; infinite if only one of them is NaN
 * @param maxRelative the largest difference, divided by the largest element
 * @param noise the largest change of an element when the inputs, or the weights, are perturbed by at most their last bit: no two
 *     programs in the same precision can be expected to agree better than a few times this
 * @param rows the number of vectors along the last axis
 * @param sameArgmax the number of vectors with the same index of the largest element
 * @param tolerance the largest {@code maxAbsolute} that passes
 */
public record OutputParity(
        String inputs,
        String output,
        String type,
        double maxAbsolute,
        double maxRelative,
        double noise,
        int rows,
        int sameArgmax,
        double tolerance) {

    public boolean passed() {
        return maxAbsolute <= tolerance;
    }
}
