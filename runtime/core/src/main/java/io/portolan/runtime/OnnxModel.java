package io.portolan.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.portolan.images.Shapes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A loaded ONNX model, run with named input and output tensors of any element type.
 *
 * <pre>{@code
 * try (OnnxModel model = OnnxModel.load(Path.of("model.onnx"))) {
 *     Tensor image = Tensor.of(pixels, 1, 224, 224, 3);
 *     float[] logits = model.run(Map.of("input", image)).get("logits").floats();
 * }
 * }</pre>
 *
 * <p>It owns a native session until {@link #close()}. Any number of threads may call {@link #run} at the same time;
 * closing waits for the calls that are running, and every later call throws {@link IllegalStateException}.
 */
public final class OnnxModel implements AutoCloseable {
    private final String name;
    private final RuntimeOptions options;
    private final OrtSession session;
    private final CloseGuard guard;
    private final Set<String> unranked;
    private final boolean isRecurrent;
    private final Map<String, TensorSpec> inputs;
    private final Map<String, TensorSpec> optionalInputs;
    private final Map<String, TensorSpec> outputs;
    private final Map<String, Tensor> defaults;
    private final NamedDimensions dimensions;
    private final Map<String, String> metadata;

    /** Whether a run failed for its size and left ONNX Runtime with memory that later runs do not need. */
    private final AtomicBoolean tookMuch = new AtomicBoolean();

    private OnnxModel(
            String name, RuntimeOptions options, OrtSession session, ModelOutline outline, Map<String, Tensor> defaults)
            throws OrtException {
        this.name = name;
        this.options = options;
        this.session = session;
        this.unranked = outline.unranked();
        this.isRecurrent = outline.isRecurrent();
        this.defaults = defaults;
        this.guard = new CloseGuard(name);
        Map<String, TensorSpec> all = specs("input", session.getInputInfo());
        this.inputs = only(all, input -> !defaults.containsKey(input));
        this.optionalInputs = only(all, defaults::containsKey);
        this.outputs = Collections.unmodifiableMap(specs("output", session.getOutputInfo()));
        this.dimensions = NamedDimensions.of(session);
        this.metadata = Collections.unmodifiableMap(
                new LinkedHashMap<>(session.getMetadata().getCustomMetadata()));
    }

    /**
     * The version of ONNX Runtime, such as 1.29.0. Loads its native library.
     *
     * @throws ModelException if there is no build for this machine
     */
    public static String runtimeVersion() {
        return OrtSessions.environment().getVersion();
    }

    /** Loads a file with {@link RuntimeOptions#defaults()}. See {@link #load(Path, RuntimeOptions)}. */
    public static OnnxModel load(Path file) {
        return load(file, RuntimeOptions.defaults());
    }

    /**
     * Loads a file, and its external weights if it has any.
     *
     * @throws ModelException if the file is missing, is not an ONNX model, has inputs or outputs that are not tensors,
     *     cannot run on this machine, or fails its {@link SelfTest}
     */
    public static OnnxModel load(Path file, RuntimeOptions options) {
        ModelOutline outline = outline(file);
        return outline.optionalInputs().isEmpty()
                ? loadAsItIs(file, outline, options)
                : withOptionalInputs(file.toString(), outline, options);
    }

    private static ModelOutline outline(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ModelException(file + ": no such file; check the path of the model");
        }
        try {
            return ModelOutline.of(file);
        } catch (IOException unreadable) {
            throw new ModelException(file + ": cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private static OnnxModel loadAsItIs(Path file, ModelOutline outline, RuntimeOptions options) {
        return open(
                file.toString(),
                options,
                outline,
                Map.of(),
                (environment, nativeOptions) -> environment.createSession(file.toString(), nativeOptions));
    }

    /**
     * Loads a serialised {@code ModelProto}, which may be discarded afterwards.
     *
     * @param name the name of the model in messages
     * @throws ModelException if the bytes are not an ONNX model, or it has inputs or outputs that are not tensors,
     *     cannot run on this machine, or fails its {@link SelfTest}
     */
    public static OnnxModel load(String name, byte[] model, RuntimeOptions options) {
        ModelOutline outline = ModelOutline.of(ByteBuffer.wrap(model));
        return outline.optionalInputs().isEmpty()
                ? loadAsItIs(name, model, outline, options)
                : withOptionalInputs(name, outline, options);
    }

    private static OnnxModel loadAsItIs(String name, byte[] model, ModelOutline outline, RuntimeOptions options) {
        return open(
                name,
                options,
                outline,
                Map.of(),
                (environment, nativeOptions) -> environment.createSession(model, nativeOptions));
    }

    private static OnnxModel withOptionalInputs(String name, ModelOutline outline, RuntimeOptions options) {
        Map<String, Tensor> defaults;
        try (OrtSession session = OrtSessions.open(
                name,
                options.withDevice(Device.CPU),
                (environment, nativeOptions) -> environment.createSession(outline.defaults(), nativeOptions))) {
            defaults = NativeTensors.run(session, Map.of(), null, Long.MAX_VALUE);
        } catch (OrtException failure) {
            throw new ModelException(
                    name + ": its defaults cannot be read [" + OrtSessions.oneLine(failure) + "]", failure);
        }
        return open(
                name,
                options,
                outline,
                defaults,
                (environment, nativeOptions) -> environment.createSession(outline.withoutDefaults(), nativeOptions));
    }

    private static OnnxModel open(
            String name,
            RuntimeOptions options,
            ModelOutline outline,
            Map<String, Tensor> defaults,
            OrtSessions.Source source) {
        OrtSession session = OrtSessions.open(name, options, source);
        try {
            OnnxModel model = new OnnxModel(name, options, session, outline, defaults);
            if (options.selfTest()) {
                ModelMetadata.selfTest(model.metadata)
                        .ifPresent(test -> test.require(
                                model, ModelMetadata.from(model.metadata).input()));
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

    /** The file or name that the model was loaded from. */
    public String name() {
        return name;
    }

    /** The options that the model was loaded with. */
    public RuntimeOptions options() {
        return options;
    }

    /** Required inputs, in the model's order; unmodifiable. */
    public Map<String, TensorSpec> inputs() {
        return guard.whileOpen(() -> inputs);
    }

    /** Inputs with a default value, which may be omitted, in the model's order; unmodifiable. */
    public Map<String, TensorSpec> optionalInputs() {
        return guard.whileOpen(() -> optionalInputs);
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
     * @param feeds a tensor for each required input, and for any optional ones
     * @return every output, in the model's order
     * @throws IllegalArgumentException if a name is missing or unknown, a type or shape does not match the model or the
     *     other inputs, or an input of a model with recurrent layers is empty
     * @throws IllegalStateException if the model is closed
     * @throws OutputTooLargeException if ONNX Runtime cannot allocate memory
     * @throws ModelException if ONNX Runtime fails
     */
    public Map<String, Tensor> run(Map<String, Tensor> feeds) {
        return run(feeds, Long.MAX_VALUE);
    }

    /**
     * Like {@link #run(Map)}, but refuses outputs of more than {@code maxOutputBytes}.
     *
     * @throws OutputTooLargeException if the outputs are larger, or ONNX Runtime cannot allocate memory for them or for
     *     intermediate results
     */
    public Map<String, Tensor> run(Map<String, Tensor> feeds, long maxOutputBytes) {
        return guard.whileOpen(() -> runWhileHeld(feeds, maxOutputBytes));
    }

    /**
     * Like {@link #run(Map, long)}, for a worker thread whose caller holds the {@link #guard()}. Acquiring it again on
     * this thread could deadlock with a close that waits for the caller.
     */
    Map<String, Tensor> runWhileHeld(Map<String, Tensor> feeds, long maxOutputBytes) {
        requireInputs(mapped(feeds, Tensor::shape));
        feeds.forEach((input, tensor) -> {
            if (tensor.type() != spec(input).type()) {
                throw new IllegalArgumentException(
                        name + ": input '" + input + "' takes " + spec(input).type() + ", not " + tensor.type());
            }
        });
        Map<String, Tensor> all = new LinkedHashMap<>(defaults);
        all.putAll(feeds);
        try {
            return use(opened -> run(opened, all, maxOutputBytes));
        } catch (OutputTooLargeException large) {
            tookMuch.set(true);
            throw large;
        } catch (ModelException failure) {
            if (failure.getCause() instanceof OrtException refused && OrtSessions.isOutOfMemory(refused)) {
                tookMuch.set(true);
                throw new OutputTooLargeException(
                        name + ": the run needs more memory than is available; use a smaller batch");
            }
            throw dimensions
                    .disagreement(mapped(all, Tensor::shape))
                    .<RuntimeException>map(words -> new IllegalArgumentException(name + ": " + words, failure))
                    .orElse(failure);
        }
    }

    private Map<String, Tensor> run(OrtSession opened, Map<String, Tensor> feeds, long maxOutputBytes)
            throws OrtException {
        if (!tookMuch.getAndSet(false) || options.device() != Device.CPU) {
            return NativeTensors.run(opened, feeds, null, maxOutputBytes);
        }
        try (OrtSession.RunOptions giveBack = OrtSessions.givingMemoryBack()) {
            return NativeTensors.run(opened, feeds, giveBack, maxOutputBytes);
        }
    }

    /**
     * Binds the model to fixed input shapes, with buffers that runs read and write without copying. Runs the model once
     * on zeros to determine the shapes of its outputs.
     *
     * @param inputShapes a shape for each required input, without open dimensions; optional inputs without a shape keep
     *     their default
     * @throws IllegalArgumentException if a name is missing or unknown, a shape does not match, a tensor exceeds 2 GB,
     *     or an input or output has a type that cannot be bound, which are strings and unsigned integers of more than 8
     *     bits
     * @throws IllegalStateException if the model is closed
     * @throws ModelException if ONNX Runtime fails
     */
    public ModelBinding bind(Map<String, long[]> inputShapes) {
        return guard.whileOpen(() -> {
            requireInputs(inputShapes);
            inputShapes.keySet().forEach(input -> requireBindable("input", input, spec(input)));
            outputs.forEach((output, spec) -> requireBindable("output", output, spec));
            Map<String, Tensor> bound = new LinkedHashMap<>();
            inputShapes.forEach((input, shape) ->
                    bound.put(input, Tensor.allocate(spec(input).type(), shape)));
            Map<String, Tensor> kept = new LinkedHashMap<>(defaults);
            kept.keySet().removeAll(bound.keySet());
            Map<String, Tensor> answers = mapped(
                    runWhileHeld(bound, Long.MAX_VALUE), answer -> Tensor.allocate(answer.type(), answer.shape()));
            return use(opened -> new ModelBinding(this, bound, kept, answers));
        });
    }

    private void requireBindable(String direction, String node, TensorSpec spec) {
        if (spec.type() == ElementType.STRING || !spec.type().isCarriedAsItself()) {
            throw new IllegalArgumentException(name + ": " + direction + " '" + node + "' is " + spec.type()
                    + ", which cannot be bound; run the model without a binding");
        }
    }

    /**
     * A lower bound of the outputs' size in bytes: the sum over those whose shape follows from the inputs' shapes.
     *
     * @param inputShapes the shapes of the given inputs
     */
    public long leastOutputBytes(Map<String, long[]> inputShapes) {
        Map<String, long[]> all = new LinkedHashMap<>(mapped(defaults, Tensor::shape));
        all.putAll(inputShapes);
        double bytes = 0;
        for (Map.Entry<String, TensorSpec> output : outputs().entrySet()) {
            ElementType type = output.getValue().type();
            bytes += (double) dimensions
                            .elements(output.getKey(), output.getValue(), all)
                            .orElse(0)
                    * Tensor.leastWidth(type);
        }
        return (long) bytes;
    }

    private TensorSpec spec(String input) {
        return inputs.containsKey(input) ? inputs.get(input) : optionalInputs.get(input);
    }

    /** An operation on the native session. */
    @FunctionalInterface
    interface Use<T> {
        T of(OrtSession session) throws OrtException;
    }

    /** Runs an operation on the session, which stays open during it. */
    <T> T call(Use<T> use) {
        return guard.whileOpen(() -> use(use));
    }

    private <T> T use(Use<T> use) {
        try {
            return use.of(session);
        } catch (OrtException failure) {
            throw new ModelException(
                    name + ": failed while running; if memory ran out, use a smaller batch ["
                            + OrtSessions.oneLine(failure) + "]",
                    failure);
        }
    }

    /** Waits for running calls and frees the session; does nothing if already closed. */
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

    /** The guard by which the caller of several runs keeps the model open until the last of them has ended. */
    CloseGuard guard() {
        return guard;
    }

    private void requireInputs(Map<String, long[]> shapes) {
        Set<String> declared = inputs.keySet();
        boolean allKnown = shapes.keySet().stream().allMatch(input -> spec(input) != null);
        if (!allKnown || !shapes.keySet().containsAll(declared)) {
            throw new IllegalArgumentException(name + ": takes inputs " + declared + ", not " + shapes.keySet());
        }
        shapes.forEach((input, shape) -> {
            if (!spec(input).fits(shape)) {
                throw new IllegalArgumentException(name + ": input '" + input + "' has shape "
                        + Shapes.text(spec(input).shape()) + ", not " + Shapes.text(shape));
            }
            if (isRecurrent && Arrays.stream(shape).anyMatch(size -> size == 0)) {
                throw new IllegalArgumentException(name + ": input '" + input + "' of shape " + Shapes.text(shape)
                        + " is empty, on which ONNX Runtime's recurrent layers end the process");
            }
        });
    }

    private Map<String, TensorSpec> specs(String direction, Map<String, NodeInfo> nodes) {
        Map<String, TensorSpec> specs = new LinkedHashMap<>();
        nodes.forEach((node, info) -> specs.put(node, spec(direction, node, info)));
        return specs;
    }

    private TensorSpec spec(String direction, String node, NodeInfo info) {
        String described = name + ": " + direction + " '" + node + "'";
        if (!(info.getInfo() instanceof TensorInfo tensor)) {
            throw new ModelException(described + " is not a tensor; only models with tensors can be run");
        }
        ElementType type = ElementType.of(tensor)
                .orElseThrow(() ->
                        new ModelException(described + " is of type " + tensor.onnxType + ", which cannot be run"));
        return new TensorSpec(type, tensor.getShape(), !unranked.contains(node));
    }

    private static Map<String, TensorSpec> only(Map<String, TensorSpec> specs, Predicate<String> wanted) {
        Map<String, TensorSpec> some = new LinkedHashMap<>(specs);
        some.keySet().removeIf(wanted.negate());
        return Collections.unmodifiableMap(some);
    }

    /** Maps the values and keeps the keys and their order. */
    static <V, R> Map<String, R> mapped(Map<String, V> values, Function<V, R> part) {
        return values.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> part.apply(entry.getValue()),
                        (one, same) -> one,
                        LinkedHashMap::new));
    }

    private static void closeQuietly(OrtSession session, Exception reason) {
        try {
            session.close();
        } catch (OrtException second) {
            reason.addSuppressed(second);
        }
    }
}
