package io.portolan.checkpoints.values;

import java.util.List;

/**
 * An array of texts, row-major.
 *
 * @param shape the sizes of the axes
 * @param elements as many as the shape has
 */
public record TextArray(List<Long> shape, List<String> elements) {
    public TextArray {
        shape = List.copyOf(shape);
        elements = List.copyOf(elements);
    }
}
