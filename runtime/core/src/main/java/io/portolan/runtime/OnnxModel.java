package io.portolan.runtime;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An ONNX model ready to run: named float32 tensors in, named float32 tensors out. {@link TensorModel} takes every type.
 *
 * <p>It owns a native session until {@link #close()}. Any number of threads may call {@link #run} at the same time;
 * closing waits for the calls that are running, and every later call throws {@link IllegalStateException}.
 */
public final class OnnxModel implements AutoCloseable {
    private final TensorModel model;

    private OnnxModel(TensorModel model) {
        this.model = model;
    }

    /** Loads a file with {@link RuntimeOptions#defaults()}. See {@link #load(Path, RuntimeOptions)}. */
    public static OnnxModel load(Path file) {
        return load(file, RuntimeOptions.defaults());
    }

    /**
     * Loads a file, and the weights beside it if it keeps them outside.
     *
     * @throws ModelException if the file is missing, is no ONNX model, or cannot run here
     */
    public static OnnxModel load(Path file, RuntimeOptions options) {
        return requireFloats(TensorModel.loadWithDefaults(file, options));
    }

    /**
     * Loads a serialised {@code ModelProto}, which may be discarded afterwards.
     *
     * @param name what messages call the model
     * @throws ModelException if the bytes are no ONNX model or it cannot run here
     */
    public static OnnxModel load(String name, byte[] model, RuntimeOptions options) {
        return requireFloats(TensorModel.loadWithDefaults(name, model, options));
    }

    private static OnnxModel requireFloats(TensorModel model) {
        try {
            requireFloats(model.name(), "input", model.inputs());
            requireFloats(model.name(), "output", model.outputs());
            return new OnnxModel(model);
        } catch (RuntimeException unfit) {
            model.close();
            throw unfit;
        }
    }

    private static void requireFloats(String model, String direction, Map<String, TensorSpec> specs) {
        specs.forEach((node, spec) -> {
            if (spec.type() != ElementType.FLOAT) {
                throw new ModelException(model + ": " + direction + " '" + node + "' is no float32 tensor; "
                        + "only models with float32 inputs and outputs can be run");
            }
        });
    }

    /** The file or the name it was loaded under. */
    public String name() {
        return model.name();
    }

    /** What it was loaded with. */
    public RuntimeOptions options() {
        return model.options();
    }

    /** Inputs in the model's order with their shapes; -1 stands for a dimension that the caller chooses. */
    public Map<String, long[]> inputs() {
        return TensorModel.mapped(model.inputs(), TensorSpec::shape);
    }

    /** Outputs in the model's order with their shapes; -1 stands for a dimension that is known only after a run. */
    public Map<String, long[]> outputs() {
        return TensorModel.mapped(model.outputs(), TensorSpec::shape);
    }

    /** The file's {@code metadata_props}; unmodifiable. */
    public Map<String, String> metadata() {
        return model.metadata();
    }

    /**
     * Runs the model.
     *
     * @param feeds one tensor for each input
     * @return every output, in the model's order
     * @throws IllegalArgumentException if a name is missing or unknown, a shape does not fit, or a tensor exceeds 2 GB
     * @throws IllegalStateException if the model is closed
     * @throws ModelException if ONNX Runtime fails
     */
    public Map<String, FloatTensor> run(Map<String, FloatTensor> feeds) {
        model.requireInputs(TensorModel.mapped(feeds, FloatTensor::shape));
        Map<String, DirectTensor> direct = TensorModel.mapped(feeds, DirectTensor::copyOf);
        return call(session -> OrtCall.run(session, direct));
    }

    /**
     * Fixes the shapes of the inputs, and makes the place where runs read and write without copying. Runs the model once on
     * zeros, to see the shapes of its outputs.
     *
     * @param inputShapes one for each input, without open dimensions
     * @throws IllegalArgumentException if a name is missing or unknown, a shape does not fit, or a tensor exceeds 2 GB
     * @throws IllegalStateException if the model is closed
     * @throws ModelException if ONNX Runtime fails
     */
    public ModelBinding bind(Map<String, long[]> inputShapes) {
        model.requireInputs(inputShapes);
        Map<String, DirectTensor> feeds = new LinkedHashMap<>();
        inputShapes.forEach((input, shape) -> feeds.put(input, DirectTensor.allocate(shape.clone())));
        return call(session -> {
            Map<String, DirectTensor> answers = new LinkedHashMap<>();
            OrtCall.run(session, feeds).forEach((output, answer) -> answers.put(output, DirectTensor.allocate(answer.shape())));
            return new ModelBinding(this, feeds, answers);
        });
    }

    /** Uses the session, which stays open meanwhile. */
    <T> T call(TensorModel.Use<T> use) {
        return model.call(use);
    }

    /** The same for a thread whose employer holds the {@link #guard()}; see {@link TensorModel#callWhileHeld}. */
    <T> T callWhileHeld(TensorModel.Use<T> use) {
        return model.callWhileHeld(use);
    }

    /** Waits for running calls and frees the session; does nothing the second time. */
    @Override
    public void close() {
        model.close();
    }

    /** Lets a user of several calls hold off closing until the last of them has ended. */
    CloseGuard guard() {
        return model.guard();
    }
}
