package io.portolan.converter.verify;

/**
 * How well TensorFlow and ONNX Runtime agree on one output of a model.
 *
 * @param inputs what the model was run on
 * @param output name of the output
 * @param type element type and shape
 * @param maxAbsolute the largest difference of two elements; infinite if one is not a number and the other is
 * @param maxRelative the largest difference, over the largest element
 * @param noise how far the elements move when each number of the inputs, or each weight, moves by at most its last bit: no two
 *     programs in the same precision can be expected to agree better than a few times this
 * @param rows vectors along the last axis
 * @param sameArgmax vectors whose largest element stands at the same place
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
