package io.portolan.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The names of a model's open dimensions: those of one name have one size. */
final class NamedDimensions {
    private final Map<String, String[]> inputs;
    private final Map<String, String[]> outputs;

    private NamedDimensions(Map<String, String[]> inputs, Map<String, String[]> outputs) {
        this.inputs = inputs;
        this.outputs = outputs;
    }

    /** All inputs and outputs must be tensors. */
    static NamedDimensions of(OrtSession session) throws OrtException {
        return new NamedDimensions(names(session.getInputInfo()), names(session.getOutputInfo()));
    }

    private static Map<String, String[]> names(Map<String, NodeInfo> nodes) {
        return OnnxModel.mapped(nodes, node -> ((TensorInfo) node.getInfo()).getDimensionNames());
    }

    private record Size(long size, String input) {
        @Override
        public String toString() {
            return size + " in input '" + input + "'";
        }
    }

    /**
     * Two sizes of one name, in words. That alone is no error: some exporters give all dimensions one name, and ONNX Runtime does not
     * mind until they meet.
     */
    Optional<String> disagreement(Map<String, long[]> shapes) {
        Map<String, Size> sizes = new HashMap<>();
        for (Map.Entry<String, long[]> given : shapes.entrySet()) {
            String[] names = inputs.get(given.getKey());
            for (int axis = 0; axis < names.length; axis++) {
                Size size = new Size(given.getValue()[axis], given.getKey());
                Size other = names[axis].isEmpty() ? null : sizes.putIfAbsent(names[axis], size);
                if (other != null && other.size() != size.size()) {
                    return Optional.of(
                            "dimension " + names[axis] + " is " + other + " and " + size + "; they should be the same");
                }
            }
        }
        return Optional.empty();
    }

    /**
     * How many elements an output will have, if its dimensions are fixed or have the names of inputs'. Where the inputs disagree the
     * least is taken.
     */
    OptionalLong elements(String output, TensorSpec spec, Map<String, long[]> inputShapes) {
        if (!spec.hasRank()) {
            return OptionalLong.empty();
        }
        Map<String, Long> sizes = new HashMap<>();
        inputShapes.forEach((input, shape) -> {
            String[] names = inputs.get(input);
            for (int axis = 0; axis < names.length; axis++) {
                sizes.merge(names[axis], shape[axis], Math::min);
            }
        });
        sizes.remove("");
        long[] shape = spec.shape();
        String[] names = outputs.get(output);
        double elements = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            Long size = shape[axis] >= 0 ? Long.valueOf(shape[axis]) : sizes.get(names[axis]);
            if (size == null) {
                return OptionalLong.empty();
            }
            elements *= size;
        }
        return OptionalLong.of((long) elements);
    }
}
