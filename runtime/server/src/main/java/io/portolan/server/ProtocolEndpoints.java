package io.portolan.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The Open Inference Protocol, version 2, over HTTP, with the binary tensor data extension.
 *
 * @see <a href="https://github.com/kserve/open-inference-protocol">its specification</a>
 */
final class ProtocolEndpoints {
    /** Path prefix of the liveness and readiness probes. */
    static final String PROBES = "/v2/health/";

    private static final String MODEL = "/v2/models/{model}";
    private static final List<String> VERSIONS = List.of("", "/versions/{version}");

    private static final String NO_TRACE = "requests are not traced; the access log has a line for each";

    /** Triton's paths below a model that are not supported, and the alternatives. */
    private static final Map<String, String> NOT_OFFERED_OF_MODELS = Map.of(
            "/config", "there is no configuration of models; GET the model's own path for its inputs and outputs",
            "/stats", "statistics of models are at /metrics, for Prometheus",
            "/trace/setting", NO_TRACE);

    /** Triton's paths that are not supported, and the alternatives. */
    private static final Map<String, String> NOT_OFFERED = Map.of(
            "/v2/repository/index", "there is no repository; GET /v2/models lists the models",
            "/v2/repository/models/{model}/load", "models are loaded when the server starts",
            "/v2/repository/models/{model}/unload", "models are freed when the server ends",
            "/v2/trace/setting", NO_TRACE,
            "/v2/logging", "there are no settings of logs; the access log has a line for each request",
            "/v2/systemsharedmemory/status", "no memory is shared with clients",
            "/v2/cudasharedmemory/status", "no memory is shared with clients");

    private static final Set<String> BODIES = Set.of("application/json", "application/octet-stream");

    private final InferenceService service;

    ProtocolEndpoints(InferenceService service) {
        this.service = service;
    }

    void addTo(Router router) {
        for (String end : List.of("", "/")) {
            router.route("GET", "/v2" + end, Endpoint.immediate(call -> HttpAnswer.json(200, server())));
        }
        router.route("GET", PROBES + "live", Endpoint.immediate(call -> HttpAnswer.json(200, Map.of("live", true))));
        router.route("GET", PROBES + "ready", Endpoint.immediate(call -> readiness(Map.of("live", true))));
        router.route(
                "GET",
                "/v2/models",
                Endpoint.immediate(call -> HttpAnswer.json(200, Map.of("models", service.names()))));
        NOT_OFFERED.forEach((path, why) -> notOffered(router, path, why));
        for (String version : VERSIONS) {
            NOT_OFFERED_OF_MODELS.forEach((end, why) -> notOffered(router, MODEL + version + end, why));
            router.route("GET", MODEL + version, ofModel(model -> HttpAnswer.json(200, model.describe())));
            router.route("GET", MODEL + version + "/ready", ofModel(model -> readiness(Map.of("name", model.name()))));
            router.route("POST", MODEL + version + "/infer", this::infer);
        }
    }

    private static void notOffered(Router router, String path, String why) {
        for (String method : List.of("GET", "POST")) {
            router.route(method, path, call -> {
                throw HttpError.of(501, "this is not offered: " + why);
            });
        }
    }

    private static Map<String, Object> server() {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("name", InferenceService.NAME);
        description.put("version", InferenceService.version());
        description.put("extensions", List.of(BinaryTensors.EXTENSION));
        return description;
    }

    private HttpAnswer readiness(Map<String, Object> fields) {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.put("ready", service.isReady());
        return HttpAnswer.json(service.isReady() ? 200 : 503, all);
    }

    private Endpoint ofModel(Function<ServedModel, HttpAnswer> answer) {
        return Endpoint.immediate(call -> answer.apply(model(call)));
    }

    private ServedModel model(HttpCall call) {
        return service.model(call.parameters().get("model"), call.parameters().get("version"));
    }

    private CompletableFuture<HttpAnswer> infer(HttpCall call) {
        ServedModel model = model(call);
        call.requireType(BODIES);
        return call.body()
                .get()
                .thenApplyAsync(
                        body -> InferenceRequestReader.read(model.request(), body, jsonLength(call, body.length)),
                        service.workers())
                .thenCompose(request -> infer(call, model, request));
    }

    private CompletableFuture<HttpAnswer> infer(HttpCall call, ServedModel model, InferenceRequest request) {
        return service.infer(model, request, call.space())
                .thenApplyAsync(
                        outputs -> InferenceResponse.of(
                                model,
                                request,
                                outputs,
                                new AnswerText(service.options().limits().answerBytes(), call.space())),
                        service.workers());
    }

    private static int jsonLength(HttpCall call, int bodyLength) {
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
        throw HttpError.badRequest(BinaryTensors.LENGTH_HEADER + " is the number of bytes of the JSON, 1 to the body's "
                + bodyLength + ", not '" + header + "'");
    }
}
