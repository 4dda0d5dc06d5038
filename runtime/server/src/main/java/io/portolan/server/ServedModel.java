package io.portolan.server;

import io.portolan.runtime.BatchQueue;
import io.portolan.runtime.BatchSize;
import io.portolan.runtime.ImageClassifier;
import io.portolan.runtime.ModelMetadata;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.Tensor;
import io.portolan.runtime.TensorSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A served model with its name and its queue of requests. */
public final class ServedModel implements AutoCloseable {
    /** The only version of each model. */
    public static final String VERSION = "1";

    /** What the protocol calls the format of the models. */
    public static final String PLATFORM = "onnx_onnxv1";

    private final String name;
    private final OnnxModel model;
    private final Optional<ModelMetadata> metadata;
    private final BatchQueue<Map<String, Tensor>, Map<String, Tensor>> queue;

    private ServedModel(String name, OnnxModel model, Batching batching, Limits limits, ServerMetrics.OfModel metrics) {
        this.name = name;
        this.model = model;
        this.metadata = ModelMetadata.isIn(model.metadata())
                ? Optional.of(ModelMetadata.from(model.metadata()))
                : Optional.empty();
        TimedModel timed = new TimedModel(model, metrics, limits.answerBytes());
        Optional<BatchSize> size = batchSize(batching);
        BatchQueue.Work<Map<String, Tensor>, Map<String, Tensor>> runs =
                size.isPresent() ? new SharedRuns(timed, size.get()) : new SingleRuns(timed);
        this.queue = new BatchQueue<>(
                runs,
                size.map(BatchSize::rows).orElse(1),
                batching.maxWait(),
                limits.waitingRequests(),
                model.options().concurrentCalls());
    }

    /** @throws io.portolan.runtime.ModelException if it cannot be loaded, or its metadata is malformed */
    static ServedModel load(
            String name,
            Path file,
            RuntimeOptions options,
            Batching batching,
            Limits limits,
            ServerMetrics.OfModel metrics) {
        OnnxModel model = OnnxModel.load(file, options);
        try {
            return new ServedModel(name, model, batching, limits, metrics);
        } catch (RuntimeException unusable) {
            model.close();
            throw unusable;
        }
    }

    public String name() {
        return name;
    }

    public OnnxModel model() {
        return model;
    }

    /** The model's metadata, if Portolan exported it as an image classifier. */
    Optional<ModelMetadata> metadata() {
        return metadata;
    }

    /** A builder of requests to this model. */
    public InferenceRequestBuilder request() {
        return new InferenceRequestBuilder(model);
    }

    int waiting() {
        return queue.waiting();
    }

    /**
     * Runs the model, in a batch with other requests if that is allowed.
     *
     * @return all outputs
     * @throws java.util.concurrent.RejectedExecutionException if too many requests are waiting
     */
    CompletableFuture<Map<String, Tensor>> infer(Map<String, Tensor> inputs) {
        return queue.submit(inputs);
    }

    /** The protocol's description of a model. */
    Map<String, Object> describe() {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("name", name);
        description.put("versions", List.of(VERSION));
        description.put("platform", PLATFORM);
        List<Map<String, Object>> inputs = describe(model.inputs(), Map.of());
        inputs.addAll(describe(model.optionalInputs(), Map.of("optional", true)));
        description.put("inputs", inputs);
        description.put("outputs", describe(model.outputs(), Map.of()));
        return description;
    }

    /** @param remarks additional fields of each description, which the protocol does not have */
    private static List<Map<String, Object>> describe(Map<String, TensorSpec> specs, Map<String, Boolean> remarks) {
        List<Map<String, Object>> tensors = new ArrayList<>();
        specs.forEach((tensor, spec) -> {
            Map<String, Object> description = new LinkedHashMap<>();
            description.put("name", tensor);
            description.put("datatype", Datatype.name(spec.type()));
            description.put("shape", spec.shape());
            Map<String, Boolean> parameters = new LinkedHashMap<>(remarks);
            if (!spec.hasRank()) {
                parameters.put("any_shape", true);
            }
            if (!parameters.isEmpty()) {
                description.put("parameters", parameters);
            }
            tensors.add(description);
        });
        return tensors;
    }

    /** Cancels waiting requests, and frees the model when the running ones have completed. */
    @Override
    public void close() {
        queue.closeNow();
        model.close();
    }

    /**
     * Whether the first axis is the batch: known for models that Portolan exported; for others if the user says so and
     * the shapes allow it.
     */
    private boolean hasBatchAxis(Batching batching) {
        return metadata.isPresent() && firstInput().shape().length > 0
                || batching.maxSamples() > 1
                        && !model.inputs().isEmpty()
                        && Stream.of(model.inputs(), model.outputs())
                                .flatMap(specs -> specs.values().stream())
                                .allMatch(spec -> spec.shape().length > 0 && spec.shape()[0] < 0);
    }

    /** The batch size; empty if the first axis of its inputs is not the batch. */
    private Optional<BatchSize> batchSize(Batching batching) {
        if (!hasBatchAxis(batching)) {
            return Optional.empty();
        }
        int preferred = batching.maxSamples() != Batching.MODELS_OWN
                ? batching.maxSamples()
                : ImageClassifier.suitableBatch(
                        metadata.orElseThrow().input(), model.options().device());
        return Optional.of(BatchSize.of(firstInput(), preferred));
    }

    private TensorSpec firstInput() {
        return model.inputs().values().iterator().next();
    }
}
