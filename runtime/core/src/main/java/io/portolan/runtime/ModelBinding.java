package io.portolan.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A binding of a model to buffers of fixed shapes, which runs read and write in place, without copying or allocation.
 * Created by {@link OnnxModel#bind}.
 *
 * <pre>{@code
 * try (ModelBinding binding = model.bind(Map.of("input", new long[] {1, 224, 224, 3}))) {
 *     binding.input("input").put(0, pixels);
 *     binding.run();
 *     float logit = binding.output("logits").get(0);
 * }
 * }</pre>
 *
 * <p>It must be used by one thread at a time; concurrent threads need one each. Every use of a closed binding, or of
 * one whose model is closed, throws {@link IllegalStateException}. Its buffers stay readable afterwards.
 */
public final class ModelBinding implements AutoCloseable {
    private final OnnxModel model;
    private final Map<String, Tensor> inputs;
    private final Map<String, Tensor> outputs;
    private final Map<String, OnnxTensor> inputHandles = new LinkedHashMap<>();
    private final Map<String, OnnxTensor> outputHandles = new LinkedHashMap<>();
    private boolean closed;

    /**
     * Creates the binding; the caller keeps the model open during the call.
     *
     * @param constants inputs with constant values
     */
    ModelBinding(
            OnnxModel model, Map<String, Tensor> inputs, Map<String, Tensor> constants, Map<String, Tensor> outputs)
            throws OrtException {
        this.model = model;
        this.inputs = inputs;
        this.outputs = outputs;
        try {
            open(inputs, inputHandles);
            open(constants, inputHandles);
            open(outputs, outputHandles);
        } catch (OrtException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private static void open(Map<String, Tensor> tensors, Map<String, OnnxTensor> handles) throws OrtException {
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            handles.put(tensor.getKey(), NativeTensors.open(tensor.getValue()));
        }
    }

    /**
     * The float32 values that the next run reads, row-major; all zero at first.
     *
     * @throws IllegalArgumentException if the model has no such input, or it is of another type
     */
    public synchronized FloatBuffer input(String name) {
        return floats(inputs, "input", name);
    }

    /**
     * The values of any type that the next run reads, laid out as in {@link Tensor}; all zero at first.
     *
     * @throws IllegalArgumentException if the model has no such input
     */
    public synchronized ByteBuffer inputBytes(String name) {
        return tensor(inputs, "input", name).writable();
    }

    /**
     * The float32 values that the last run wrote, row-major; the next run overwrites them.
     *
     * @throws IllegalArgumentException if the model has no such output, or it is of another type
     */
    public synchronized FloatBuffer output(String name) {
        return floats(outputs, "output", name).asReadOnlyBuffer();
    }

    /**
     * The values of any type that the last run wrote, laid out as in {@link Tensor}; the next run overwrites them.
     *
     * @throws IllegalArgumentException if the model has no such output
     */
    public synchronized ByteBuffer outputBytes(String name) {
        return tensor(outputs, "output", name).data();
    }

    /**
     * Runs the model on the current contents of the inputs.
     *
     * @throws IllegalStateException if the binding or its model is closed
     * @throws ModelException if ONNX Runtime fails, or an output has another shape than when it was bound
     */
    public synchronized void run() {
        requireOpen();
        model.call(session -> {
            session.run(inputHandles, outputHandles).close();
            return this;
        });
    }

    /** Frees the native handles; does nothing if already closed. */
    @Override
    public synchronized void close() {
        closed = true;
        closeAll(inputHandles);
        closeAll(outputHandles);
    }

    private static void closeAll(Map<String, OnnxTensor> handles) {
        handles.values().forEach(OnnxTensor::close);
        handles.clear();
    }

    private FloatBuffer floats(Map<String, Tensor> tensors, String direction, String name) {
        Tensor tensor = tensor(tensors, direction, name);
        if (tensor.type() != ElementType.FLOAT) {
            throw new IllegalArgumentException(model.name() + ": " + direction + " '" + name + "' is " + tensor
                    + ", not FLOAT; use " + direction + "Bytes");
        }
        return tensor.writable().asFloatBuffer();
    }

    private Tensor tensor(Map<String, Tensor> tensors, String direction, String name) {
        requireOpen();
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(
                    model.name() + ": has " + direction + "s " + tensors.keySet() + ", not " + name);
        }
        return tensor;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this binding of " + model.name() + " is closed");
        }
    }
}
