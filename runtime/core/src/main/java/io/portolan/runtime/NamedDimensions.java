package io.portolan.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The names of a model's open dimensions; dimensions with the same name should have the same size. */
final class NamedDimensions {
    private final Map<String, String[]> inputs;
    private final Map<String, String[]> outputs;

    private NamedDimensions(Map<String, String[]> inputs, Map<String, String[]> outputs) {
        this.inputs = inputs;
        this.outputs = outputs;
    }

    /** Reads the names from a session, whose inputs and outputs must all be tensors. */
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
     * A message about a dimension with two sizes, if there is one. That alone is not an error: some exporters give all
     * dimensions the same name, and ONNX Runtime only fails if the sizes conflict in an operator.
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
     * The number of elements of an output, if its dimensions are fixed or share names with those of inputs. If the
     * inputs disagree, the smallest size is taken.
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
