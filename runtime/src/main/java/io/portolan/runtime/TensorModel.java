package io.portolan.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An ONNX model ready to run, with tensors of any type. {@link OnnxModel} is the simpler one for float32.
 *
 * <p>It owns a native session until {@link #close()}. Any number of threads may call {@link #run} at the same time;
 * closing waits for the calls that are running, and every later call throws {@link IllegalStateException}.
 */
public final class TensorModel implements AutoCloseable {
    private final String name;
    private final RuntimeOptions options;
    private final OrtSession session;
    private final CloseGuard guard;
    private final Map<String, TensorSpec> inputs;
    private final Map<String, TensorSpec> outputs;
    private final Map<String, String[]> namesOfDimensions;
    private final Map<String, String> metadata;

    private TensorModel(String name, RuntimeOptions options, OrtSession session) throws OrtException {
        this.name = name;
        this.options = options;
        this.session = session;
        this.guard = new CloseGuard(name);
        this.inputs = specs("input", session.getInputInfo());
        this.outputs = specs("output", session.getOutputInfo());
        this.namesOfDimensions = mapped(session.getInputInfo(), node -> ((TensorInfo) node.getInfo()).getDimensionNames());
        this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(session.getMetadata().getCustomMetadata()));
    }

    /**
     * Loads a file, and the weights beside it if it keeps them outside.
     *
     * @throws ModelException if the file is missing, is no ONNX model, has inputs or outputs that are no tensors, cannot run
     *     here, or fails its {@link SelfTest}
     */
    public static TensorModel load(Path file, RuntimeOptions options) {
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
     * @throws ModelException if the bytes are no ONNX model, it has inputs or outputs that are no tensors, cannot run here, or
     *     fails its {@link SelfTest}
     */
    public static TensorModel load(String name, byte[] model, RuntimeOptions options) {
        return open(name, options, (environment, nativeOptions) -> environment.createSession(model, nativeOptions));
    }

    private static TensorModel open(String name, RuntimeOptions options, OrtSessions.Source source) {
        OrtSession session = OrtSessions.open(name, options, source);
        try {
            TensorModel model = new TensorModel(name, options, session);
            if (options.selfTest()) {
                ModelMetadata.selfTest(model.metadata)
                        .ifPresent(test -> test.require(model, ModelMetadata.from(model.metadata).input()));
            }
            return model;
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

    /** Inputs in the model's order; unmodifiable. */
    public Map<String, TensorSpec> inputs() {
        return guard.whileOpen(() -> inputs);
    }

    /** Outputs in the model's order; unmodifiable. */
    public Map<String, TensorSpec> outputs() {
        return guard.whileOpen(() -> outputs);
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
     * @throws IllegalArgumentException if a name is missing or unknown, or a type or shape does not fit, be it only to another input
     * @throws IllegalStateException if the model is closed
     * @throws ModelException if ONNX Runtime fails
     */
    public Map<String, Tensor> run(Map<String, Tensor> feeds) {
        requireInputs(mapped(feeds, Tensor::shape));
        feeds.forEach((input, tensor) -> {
            if (tensor.type() != inputs.get(input).type()) {
                throw new IllegalArgumentException(
                        name + ": input '" + input + "' takes " + inputs.get(input).type() + ", not " + tensor.type());
            }
        });
        try {
            return call(opened -> NativeTensors.run(opened, feeds));
        } catch (ModelException failure) {
            throw disagreement(feeds).<RuntimeException>map(words -> new IllegalArgumentException(name + ": " + words, failure))
                    .orElse(failure);
        }
    }

    /**
     * Open dimensions of one name that have two sizes. That alone is no error: some exporters give all dimensions one name, and ONNX
     * Runtime does not mind until they meet.
     */
    private Optional<String> disagreement(Map<String, Tensor> feeds) {
        Map<String, Size> sizes = new HashMap<>();
        for (String input : inputs.keySet()) {
            String[] names = namesOfDimensions.get(input);
            for (int axis = 0; axis < names.length; axis++) {
                Size size = new Size(feeds.get(input).shape()[axis], input);
                Size other = names[axis].isEmpty() ? null : sizes.putIfAbsent(names[axis], size);
                if (other != null && other.size() != size.size()) {
                    return Optional.of("dimension " + names[axis] + " is " + other + " and " + size + "; they should be the same");
                }
            }
        }
        return Optional.empty();
    }

    private record Size(long size, String input) {
        @Override
        public String toString() {
            return size + " in input '" + input + "'";
        }
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

    void requireInputs(Map<String, long[]> shapes) {
        Map<String, TensorSpec> declared = inputs();
        if (!shapes.keySet().equals(declared.keySet())) {
            throw new IllegalArgumentException(name + ": takes inputs " + declared.keySet() + ", not " + shapes.keySet());
        }
        shapes.forEach((input, shape) -> {
            if (!declared.get(input).fits(shape)) {
                throw new IllegalArgumentException(name + ": input '" + input + "' has shape "
                        + Shapes.text(declared.get(input).shape()) + ", not " + Shapes.text(shape));
            }
        });
    }

    private Map<String, TensorSpec> specs(String direction, Map<String, NodeInfo> nodes) {
        Map<String, TensorSpec> specs = new LinkedHashMap<>();
        nodes.forEach((node, info) -> specs.put(node, spec(direction + " '" + node + "'", info)));
        return Collections.unmodifiableMap(specs);
    }

    private TensorSpec spec(String node, NodeInfo info) {
        if (!(info.getInfo() instanceof TensorInfo tensor)) {
            throw new ModelException(name + ": " + node + " is no tensor; only models with tensors can be run");
        }
        ElementType type = ElementType.of(tensor).orElseThrow(
                () -> new ModelException(name + ": " + node + " is of type " + tensor.onnxType + ", which cannot be run"));
        return new TensorSpec(type, tensor.getShape());
    }

    /** The same keys with something of each value, in the same order. */
    static <V, R> Map<String, R> mapped(Map<String, V> values, Function<V, R> part) {
        return values.entrySet().stream().collect(Collectors.toMap(
                Map.Entry::getKey, entry -> part.apply(entry.getValue()), (one, same) -> one, LinkedHashMap::new));
    }

    private static void closeQuietly(OrtSession session, Exception reason) {
        try {
            session.close();
        } catch (OrtException second) {
            reason.addSuppressed(second);
        }
    }
}
