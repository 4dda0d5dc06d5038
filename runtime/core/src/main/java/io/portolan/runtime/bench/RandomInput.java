package io.portolan.runtime.bench;

import io.portolan.runtime.ElementType;
import io.portolan.runtime.ModelBinding;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.TensorSpec;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;

/** Random input for any model: standard normal values in the shapes that the model declares. */
final class RandomInput {
    private static final long SEED = 1;

    private RandomInput() {}

    /**
     * @param batch size of the first axis of every input if the model leaves it open
     * @param openAxes size of the other open axes
     * @throws IllegalArgumentException if an input is not float32 or has no rank, or another axis is open and
     *     {@code openAxes} is empty
     */
    static ModelBinding bind(OnnxModel model, int batch, OptionalLong openAxes) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        model.inputs().forEach((input, spec) -> shapes.put(input, close(model, input, spec, batch, openAxes)));
        ModelBinding binding = model.bind(shapes);
        Random random = new Random(SEED);
        for (String input : shapes.keySet()) {
            FloatBuffer values = binding.input(input);
            while (values.hasRemaining()) {
                values.put((float) random.nextGaussian());
            }
        }
        return binding;
    }

    /** The fixed batch size of a model; empty if it takes any. */
    static OptionalLong fixedBatch(OnnxModel model) {
        return model.inputs().values().stream()
                .map(TensorSpec::shape)
                .filter(shape -> shape.length > 0 && shape[0] >= 0)
                .mapToLong(shape -> shape[0])
                .findFirst();
    }

    private static long[] close(OnnxModel model, String input, TensorSpec spec, int batch, OptionalLong openAxes) {
        if (spec.type() != ElementType.FLOAT || !spec.hasRank()) {
            throw new IllegalArgumentException(model.name() + ": input '" + input + "' is " + spec
                    + "; random values are only made for float32 inputs with a rank");
        }
        long[] shape = spec.shape();
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] < 0) {
                String place = model.name() + ": input '" + input + "' leaves axis " + axis + " open";
                shape[axis] = axis == 0
                        ? batch
                        : openAxes.orElseThrow(() -> new OpenAxesException(place + "; give open axes a size"));
            }
        }
        return shape;
    }
}
