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
    private final RuntimeOptions options;
    private final OrtSession session;
    private final CloseGuard guard;
    private final Map<String, long[]> inputs;
    private final Map<String, long[]> outputs;
    private final Map<String, String> metadata;

    private OnnxModel(String name, RuntimeOptions options, OrtSession session) throws OrtException {
        this.name = name;
        this.options = options;
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
            return new OnnxModel(name, options, session);
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

    /** What it was loaded with. */
    public RuntimeOptions options() {
        return options;
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
        requireInputs(shapesOf(feeds));
        Map<String, DirectTensor> direct = new LinkedHashMap<>();
        feeds.forEach((input, tensor) -> direct.put(input, DirectTensor.copyOf(tensor)));
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
        requireInputs(inputShapes);
        Map<String, DirectTensor> feeds = new LinkedHashMap<>();
        inputShapes.forEach((input, shape) -> feeds.put(input, DirectTensor.allocate(shape.clone())));
        return call(session -> {
            Map<String, DirectTensor> answers = new LinkedHashMap<>();
            OrtCall.run(session, feeds).forEach((output, answer) -> answers.put(output, DirectTensor.allocate(answer.shape())));
            return new ModelBinding(this, feeds, answers);
        });
    }

    /** A use of the native session. */
    @FunctionalInterface
    interface Use<T> {
        T of(OrtSession session) throws OrtException;
    }

    /** Uses the session, which stays open meanwhile. */
    <T> T call(Use<T> use) {
        return guard.whileOpen(() -> callWhileHeld(use));
    }

    /**
     * The same for a thread whose employer holds the {@link #guard()}. To ask for it again on another thread would wait
     * for a close that waits for the employer.
     */
    <T> T callWhileHeld(Use<T> use) {
        try {
            return use.of(session);
        } catch (OrtException failure) {
            throw new ModelException(name + ": failed while running; if memory ran out, use a smaller batch ["
                    + OrtSessions.oneLine(failure) + "]", failure);
        }
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

    private void requireInputs(Map<String, long[]> shapes) {
        Map<String, long[]> declared = inputs();
        if (!shapes.keySet().equals(declared.keySet())) {
            throw new IllegalArgumentException(name + ": takes inputs " + declared.keySet() + ", not " + shapes.keySet());
        }
        shapes.forEach((input, shape) -> {
            if (!Shapes.fits(shape, declared.get(input))) {
                throw new IllegalArgumentException(name + ": input '" + input + "' has shape "
                        + Shapes.text(declared.get(input)) + ", not " + Shapes.text(shape));
            }
        });
    }

    private static Map<String, long[]> shapesOf(Map<String, FloatTensor> tensors) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        tensors.forEach((tensor, value) -> shapes.put(tensor, value.shape()));
        return shapes;
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
