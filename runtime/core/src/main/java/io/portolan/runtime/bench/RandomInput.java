package io.portolan.runtime.bench;

import io.portolan.runtime.ModelBinding;
import io.portolan.runtime.OnnxModel;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;

/** Input for any model: standard normal numbers, of the shapes that the model declares. */
final class RandomInput {
    private static final long SEED = 1;

    private RandomInput() {
    }

    /**
     * @param batch for the first axis of every input where the model leaves it open
     * @param openAxes for the other open axes
     * @throws IllegalArgumentException if another axis is open and {@code openAxes} is empty
     */
    static ModelBinding bind(OnnxModel model, int batch, OptionalLong openAxes) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        model.inputs().forEach((input, declared) -> shapes.put(input, close(model, input, declared, batch, openAxes)));
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

    /** The batch that a model insists on; empty if it takes any. */
    static OptionalLong fixedBatch(OnnxModel model) {
        return model.inputs().values().stream()
                .filter(shape -> shape.length > 0 && shape[0] >= 0)
                .mapToLong(shape -> shape[0])
                .findFirst();
    }

    private static long[] close(OnnxModel model, String input, long[] declared, int batch, OptionalLong openAxes) {
        long[] shape = declared.clone();
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] < 0) {
                String place = model.name() + ": input '" + input + "' leaves axis " + axis + " open";
                shape[axis] = axis == 0 ? batch : openAxes.orElseThrow(() -> new OpenAxesException(
                        place + "; give open axes a size"));
            }
        }
        return shape;
    }
}
