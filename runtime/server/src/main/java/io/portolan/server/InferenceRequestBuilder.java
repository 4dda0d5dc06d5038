package io.portolan.server;

import io.portolan.runtime.ElementType;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.Tensor;
import io.portolan.runtime.TensorSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Collects the parts of a request, in whatever form they arrive, and checks them against the model. All methods throw
 * {@link HttpError} with status 400 for what the model does not take.
 */
public final class InferenceRequestBuilder {
    private static final int MOST_DIMENSIONS = 64;

    private static final String SHARED_MEMORY =
            "this server shares no memory with clients; send and ask for data in the messages";

    private static final Map<String, String> REFUSED = Map.of(
            "classification", "this server gives tensors as they are; ask without it, and take the largest values",
            "shared_memory_region", SHARED_MEMORY,
            "shared_memory_offset", SHARED_MEMORY,
            "shared_memory_byte_size", SHARED_MEMORY);

    private final OnnxModel model;
    private final Map<String, Tensor> inputs = new LinkedHashMap<>();
    private final Map<String, Boolean> outputs = new LinkedHashMap<>();

    InferenceRequestBuilder(OnnxModel model) {
        this.model = model;
    }

    /**
     * Checks a dimension of an input's shape.
     *
     * @param rank number of dimensions so far, with this one
     */
    public static void requireDimension(int rank, long size) {
        if (size < 0 || rank > MOST_DIMENSIONS) {
            throw HttpError.badRequest(
                    "'shape' is an array of integers from 0, at most " + MOST_DIMENSIONS + " of them");
        }
    }

    /**
     * Checks an input's description.
     *
     * @param datatype the protocol's name of the type
     * @param shape not negative
     * @return the type of its elements
     */
    public ElementType requireInput(String name, String datatype, long... shape) {
        TensorSpec spec =
                model.inputs().getOrDefault(name, model.optionalInputs().get(name));
        if (spec == null) {
            throw HttpError.badRequest("there is no input '" + name + "'; the model takes "
                    + model.inputs().keySet());
        }
        if (Datatype.of(datatype) != spec.type()) {
            throw HttpError.badRequest(
                    "input '" + name + "' takes " + Datatype.name(spec.type()) + ", not " + datatype);
        }
        if (!spec.fits(shape)) {
            throw HttpError.badRequest("input '" + name + "' has shape " + Arrays.toString(spec.shape())
                    + ", where -1 is any size, not " + Arrays.toString(shape));
        }
        return spec.type();
    }

    /**
     * Checks the number of an input's elements, before memory is allocated for them.
     *
     * @param most number of elements that the request can contain
     */
    public static void requireElements(String name, ElementType type, long[] shape, long most) {
        try {
            Tensor.bytes(type, shape);
        } catch (IllegalArgumentException huge) {
            throw HttpError.badRequest("input '" + name + "': " + huge.getMessage());
        }
        if (LongStream.of(shape).reduce(1, (a, b) -> a * b) > most) {
            throw HttpError.badRequest(
                    "input '" + name + "' of shape " + Arrays.toString(shape) + " has more elements than were sent");
        }
    }

    /**
     * Refuses the parameters of extensions that would change the answer; others, such as a client's own, are ignored.
     *
     * @param parameter of a request, an input or an output
     */
    public static void requireSupported(String parameter) {
        String instead = REFUSED.get(parameter);
        if (instead != null) {
            throw HttpError.badRequest("the parameter '" + parameter + "' is not supported: " + instead);
        }
    }

    public void input(String name, Tensor tensor) {
        if (inputs.put(name, tensor) != null) {
            throw HttpError.badRequest("input '" + name + "' is given twice");
        }
    }

    /** @param binary whether it is wanted as binary data; null for the default of all outputs */
    public void output(String name, Boolean binary) {
        if (name == null || !model.outputs().containsKey(name)) {
            throw HttpError.badRequest("there is no output '" + name + "'; the model has "
                    + model.outputs().keySet());
        }
        // A null value means the default, which may come later.
        if (outputs.containsKey(name)) {
            throw HttpError.badRequest("output '" + name + "' is requested twice");
        }
        outputs.put(name, binary);
    }

    /**
     * Returns the request, with all outputs if none was requested.
     *
     * @param id null if there is none
     * @param binary the default for outputs
     */
    public InferenceRequest build(String id, boolean binary) {
        Set<String> missing = new LinkedHashSet<>(model.inputs().keySet());
        missing.removeAll(inputs.keySet());
        if (!missing.isEmpty()) {
            throw HttpError.badRequest("inputs " + missing + " are missing; the model takes "
                    + model.inputs().keySet());
        }
        if (outputs.isEmpty()) {
            model.outputs().keySet().forEach(output -> outputs.put(output, null));
        }
        outputs.replaceAll((output, own) -> own == null ? binary : own);
        return new InferenceRequest(id, inputs, outputs);
    }
}
