package io.portolan.runtime.serve;

import io.portolan.runtime.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * The Open Inference Protocol, version 2, over HTTP, with the binary tensor data extension.
 *
 * @see <a href="https://github.com/kserve/open-inference-protocol">its specification</a>
 */
final class ProtocolEndpoints {
    private static final String MODEL = "/v2/models/{model}";
    private static final List<String> VERSIONS = List.of("", "/versions/{version}");
    private static final Set<String> BODIES = Set.of("application/json", "application/octet-stream");

    private final Map<String, ServedModel> models;
    private final BooleanSupplier ready;
    private final Executor encoders;

    /**
     * @param ready whether the server takes requests
     * @param encoders threads that write answers
     */
    ProtocolEndpoints(Map<String, ServedModel> models, BooleanSupplier ready, Executor encoders) {
        this.models = models;
        this.ready = ready;
        this.encoders = encoders;
    }

    void addTo(Router router) {
        for (String end : List.of("", "/")) {
            router.route("GET", "/v2" + end, Endpoint.immediate(call -> Answer.json(200, server())));
        }
        router.route("GET", "/v2/health/live", Endpoint.immediate(call -> Answer.json(200, Map.of("live", true))));
        router.route("GET", "/v2/health/ready", Endpoint.immediate(call -> readiness(Map.of("live", true))));
        for (String version : VERSIONS) {
            router.route("GET", MODEL + version, ofModel(model -> Answer.json(200, model.describe())));
            router.route("GET", MODEL + version + "/ready", ofModel(model -> readiness(Map.of("name", model.name()))));
            router.route("POST", MODEL + version + "/infer", this::infer);
        }
    }

    private static Map<String, Object> server() {
        String version = ProtocolEndpoints.class.getPackage().getImplementationVersion();
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("name", "portolan");
        description.put("version", version == null ? "development" : version);
        description.put("extensions", List.of(BinaryTensors.EXTENSION));
        return description;
    }

    private Answer readiness(Map<String, Object> fields) {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.put("ready", ready.getAsBoolean());
        return Answer.json(ready.getAsBoolean() ? 200 : 503, all);
    }

    private Endpoint ofModel(Function<ServedModel, Answer> answer) {
        return Endpoint.immediate(call -> answer.apply(model(call)));
    }

    private ServedModel model(Call call) {
        ServedModel model = models.get(call.parameters().get("model"));
        if (model == null) {
            throw HttpError.of(404, "there is no model of this name; the server has " + models.keySet());
        }
        if (!call.parameters().getOrDefault("version", ServedModel.VERSION).equals(ServedModel.VERSION)) {
            throw HttpError.of(404, "model '" + model.name() + "' has version " + ServedModel.VERSION + " only");
        }
        return model;
    }

    private CompletableFuture<Answer> infer(Call call) {
        ServedModel model = model(call);
        call.requireType(BODIES);
        return call.body().get().thenCompose(body -> {
            InferenceRequest request = InferenceRequestReader.read(model.model(), body, jsonLength(call, body.length));
            CompletableFuture<Map<String, Tensor>> computed = model.infer(request.inputs());
            return computed.thenApplyAsync(outputs -> InferenceResponse.of(model, request, outputs), encoders);
        });
    }

    private static int jsonLength(Call call, int bodyLength) {
        String header = call.header(BinaryTensors.LENGTH_HEADER);
        if (header == null) {
            return bodyLength;
        }
        try {
            int length = Integer.parseInt(header.strip());
            if (length > 0 && length <= bodyLength) {
                return length;
            }
        } catch (NumberFormatException noNumber) {
            // Refused below.
        }
        throw HttpError.badRequest(BinaryTensors.LENGTH_HEADER + " is the number of bytes of the JSON, 1 to the body's " + bodyLength
                + ", not '" + header + "'");
    }
}
