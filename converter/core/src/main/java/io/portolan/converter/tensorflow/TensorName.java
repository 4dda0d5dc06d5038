package io.portolan.converter.tensorflow;

import io.portolan.converter.lowering.ConversionException;

/**
 * The name of one output of one node, written {@code node}, {@code node:1}, or {@code ^node} for a control dependency.
 *
 * @param node the name of the node
 * @param index the index of the output
 * @param isControl whether it is a control dependency, which has no tensor
 */
public record TensorName(String node, int index, boolean isControl) {
    /**
     * Reads a name.
     *
     * @throws ConversionException if what follows the colon is no number
     */
    public static TensorName parse(String text) {
        if (text.startsWith("^")) {
            return new TensorName(text.substring(1), 0, true);
        }
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return new TensorName(text, 0, false);
        }
        try {
            return new TensorName(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)), false);
        } catch (NumberFormatException e) {
            throw new ConversionException("\"" + text + "\" is not a tensor name: expected node or node:output");
        }
    }

    @Override
    public String toString() {
        return isControl ? "^" + node : index == 0 ? node : node + ":" + index;
    }
}
