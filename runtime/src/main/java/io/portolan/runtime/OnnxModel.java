package io.portolan.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An ONNX model ready to run: named float32 tensors in, named float32 tensors out.
 *
 * <p>It owns a native session until {@link #close()}. Any number of threads may call {@link #run} at the same time;
 * closing waits for the calls that are running, and every later call throws {@link IllegalStateException}.
 */
public final class OnnxModel implements AutoCloseable {
    private final String name;
    private final OrtSession session;
    private final CloseGuard guard;
    private final Map<String, long[]> inputs;
    private final Map<String, long[]> outputs;
    private final Map<String, String> metadata;

    private OnnxModel(String name, OrtSession session) throws OrtException {
        this.name = name;
        this.session = session;
        this.guard = new CloseGuard(name);
        this.inputs = shapes("input", session.getInputInfo());
        this.outputs = shapes("output", session.getOutputInfo());
        this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(session.getMetadata().getCustomMetadata()));
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
        if (!Files.isRegularFile(file)) {
            throw new ModelException(file + ": no such file; check the path of the model");
        }
        return open(file.toString(), options, (environment, nativeOptions) ->
                environment.createSession(file.toString(), nativeOptions));
    }

    /**
     * Loads a serialised {@code ModelProto}, which may be discarded afterwards.
     *
     * @param name what messages call the model
     * @throws ModelException if the bytes are no ONNX model or it cannot run here
     */
    public static OnnxModel load(String name, byte[] model, RuntimeOptions options) {
        return open(name, options, (environment, nativeOptions) -> environment.createSession(model, nativeOptions));
    }

    private static OnnxModel open(String name, RuntimeOptions options, OrtSessions.Source source) {
        OrtSession session = OrtSessions.open(name, options, source);
        try {
            return new OnnxModel(name, session);
        } catch (OrtException failure) {
            closeQuietly(session, failure);
            throw new ModelException(name + ": cannot be inspected [" + OrtSessions.oneLine(failure) + "]", failure);
        } catch (RuntimeException failure) {
            closeQuietly(session, failure);
            throw failure;
        }
    }

    /** The file or the name it was loaded under. */
    public String name() {
        return name;
    }

    /** Inputs in the model's order with their shapes; -1 stands for a dimension that the caller chooses. */
    public Map<String, long[]> inputs() {
        return guard.whileOpen(() -> copy(inputs));
    }

    /** Outputs in the model's order with their shapes; -1 stands for a dimension that is known only after a run. */
    public Map<String, long[]> outputs() {
        return guard.whileOpen(() -> copy(outputs));
    }

    /** The file's {@code metadata_props}; unmodifiable. */
    public Map<String, String> metadata() {
        return guard.whileOpen(() -> metadata);
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
        return guard.whileOpen(() -> {
            requireFeeds(feeds);
            try {
                return OrtCall.run(session, feeds);
            } catch (OrtException failure) {
                throw new ModelException(name + ": failed while running; if memory ran out, use a smaller batch ["
                        + OrtSessions.oneLine(failure) + "]", failure);
            }
        });
    }

    /** Waits for running calls and frees the session; does nothing the second time. */
    @Override
    public void close() {
        guard.close(() -> {
            try {
                session.close();
            } catch (OrtException failure) {
                throw new ModelException(name + ": cannot be closed [" + OrtSessions.oneLine(failure) + "]", failure);
            }
        });
    }

    /** Lets a user of several calls hold off closing until the last of them has ended. */
    CloseGuard guard() {
        return guard;
    }

    private void requireFeeds(Map<String, FloatTensor> feeds) {
        if (!feeds.keySet().equals(inputs.keySet())) {
            throw new IllegalArgumentException(name + ": takes inputs " + inputs.keySet() + ", not " + feeds.keySet());
        }
        feeds.forEach((input, tensor) -> {
            if (!Shapes.fits(tensor.shape(), inputs.get(input))) {
                throw new IllegalArgumentException(name + ": input '" + input + "' has shape "
                        + Shapes.text(inputs.get(input)) + ", not " + Shapes.text(tensor.shape()));
            }
        });
    }

    private Map<String, long[]> shapes(String direction, Map<String, NodeInfo> nodes) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        nodes.forEach((node, info) -> {
            if (!(info.getInfo() instanceof TensorInfo tensor) || tensor.type != OnnxJavaType.FLOAT) {
                throw new ModelException(name + ": " + direction + " '" + node + "' is no float32 tensor; "
                        + "only models with float32 inputs and outputs can be run");
            }
            shapes.put(node, tensor.getShape());
        });
        return shapes;
    }

    private static Map<String, long[]> copy(Map<String, long[]> shapes) {
        Map<String, long[]> copy = new LinkedHashMap<>();
        shapes.forEach((node, shape) -> copy.put(node, shape.clone()));
        return copy;
    }

    private static void closeQuietly(OrtSession session, Exception reason) {
        try {
            session.close();
        } catch (OrtException second) {
            reason.addSuppressed(second);
        }
    }
}
