package io.portolan.grpc;

import com.google.protobuf.CodedOutputStream;
import io.portolan.grpc.UnaryCall.Answering;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.TensorSpec;
import io.portolan.server.AnswerText;
import io.portolan.server.Datatype;
import io.portolan.server.HttpError;
import io.portolan.server.InferenceService;
import io.portolan.server.ServedModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The methods of the Open Inference Protocol and of gRPC's health protocol. */
final class InferenceMethods {
    static final String INFERENCE = "inference.GRPCInferenceService";
    static final String HEALTH = "grpc.health.v1.Health";

    /** The method that takes time and threads. */
    static final String INFER = "ModelInfer";

    /** Those that are answered whatever the limits. */
    static final Set<String> PROBES = Set.of("ServerLive", "ServerReady", "Check");

    private static final int FIRST = 1;
    private static final int SECOND = 2;
    private static final int THIRD = 3;
    private static final int INPUTS = 4;
    private static final int OUTPUTS = 5;

    private static final int TEXT = FIRST << WireFields.NUMBER | WireFields.LENGTH;
    private static final int OTHER_TEXT = SECOND << WireFields.NUMBER | WireFields.LENGTH;

    private static final int SERVING = 1;
    private static final int NOT_SERVING = 2;

    private final InferenceService service;

    InferenceMethods(InferenceService service) {
        this.service = service;
    }

    /** The methods by name, of each service. */
    Map<String, Map<String, Answering>> all() {
        return Map.of(
                INFERENCE,
                Map.of(
                        "ServerLive",
                        immediate(message -> flag(true)),
                        "ServerReady",
                        immediate(message -> flag(service.isReady())),
                        "ModelReady",
                        immediate(this::modelReady),
                        "ServerMetadata",
                        immediate(message -> server()),
                        "ModelMetadata",
                        immediate(message -> describe(model(message))),
                        INFER,
                        this::infer),
                HEALTH,
                Map.of("Check", immediate(this::check)));
    }

    private static Answering immediate(Function<ByteBuffer, byte[]> answer) {
        return (message, exchange) -> CompletableFuture.completedFuture(ByteBuffer.wrap(answer.apply(message)));
    }

    private static byte[] flag(boolean value) {
        return Messages.bytes(out -> out.writeBool(FIRST, value));
    }

    private byte[] modelReady(ByteBuffer message) {
        model(message);
        return flag(service.isReady());
    }

    private ServedModel model(ByteBuffer message) {
        String[] nameAndVersion = texts(message);
        return service.model(nameAndVersion[0], nameAndVersion[1]);
    }

    /** The first two fields of a message, both of them texts. */
    private static String[] texts(ByteBuffer message) {
        String[] texts = {"", ""};
        WireFields.each(message, (tag, in) -> {
            switch (tag) {
                case TEXT -> texts[0] = in.readStringRequireUtf8();
                case OTHER_TEXT -> texts[1] = in.readStringRequireUtf8();
                default -> {
                    return false;
                }
            }
            return true;
        });
        return texts;
    }

    private byte[] check(ByteBuffer message) {
        String asked = texts(message)[0];
        if (!asked.isEmpty() && !asked.equals(INFERENCE)) {
            throw HttpError.of(404, "there is no service of this name; the server has " + INFERENCE);
        }
        return Messages.bytes(out -> out.writeEnum(FIRST, service.isReady() ? SERVING : NOT_SERVING));
    }

    private static byte[] server() {
        return Messages.bytes(out -> {
            out.writeString(FIRST, InferenceService.NAME);
            out.writeString(SECOND, InferenceService.version());
        });
    }

    private static byte[] describe(ServedModel model) {
        OnnxModel onnx = model.model();
        return Messages.bytes(out -> {
            out.writeString(FIRST, model.name());
            out.writeString(SECOND, ServedModel.VERSION);
            out.writeString(THIRD, ServedModel.PLATFORM);
            describe(INPUTS, onnx.inputs(), out);
            describe(INPUTS, onnx.optionalInputs(), out);
            describe(OUTPUTS, onnx.outputs(), out);
        });
    }

    private static void describe(int field, Map<String, TensorSpec> specs, CodedOutputStream out) throws IOException {
        for (Map.Entry<String, TensorSpec> spec : specs.entrySet()) {
            out.writeByteArray(
                    field,
                    Messages.bytes(inner -> describe(
                            spec.getKey(),
                            Datatype.name(spec.getValue().type()),
                            inner,
                            spec.getValue().shape())));
        }
    }

    /** The first three fields of all descriptions of tensors. */
    static void describe(String name, String datatype, CodedOutputStream out, long... shape) throws IOException {
        out.writeString(FIRST, name);
        out.writeString(SECOND, datatype);
        WireFields.writePacked(out, THIRD, shape);
    }

    private CompletableFuture<ByteBuffer> infer(ByteBuffer message, Exchange exchange) {
        InferRequestReader.ModelRequest asked = InferRequestReader.read(service, message);
        return service.infer(asked.model(), asked.request(), exchange.answerSpace())
                .thenApplyAsync(
                        outputs -> {
                            AnswerText answer = exchange.answer();
                            InferResponseWriter.write(asked.model(), asked.request(), outputs, answer);
                            return answer.bytes();
                        },
                        service.workers());
    }
}
