package io.portolan.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.portolan.runtime.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** Writes responses to inference requests: JSON, followed by the tensors that were requested as binary data. */
final class InferenceResponse {
    private static final JsonFactory JSON = new JsonFactory();

    private InferenceResponse() {}

    /**
     * @param computed all outputs of the model, of which the requested ones are sent
     * @throws HttpError if the answer exceeds the limit
     */
    static HttpAnswer of(ServedModel model, InferenceRequest request, Map<String, Tensor> computed, AnswerText text) {
        try (JsonGenerator json = JSON.createGenerator(text)) {
            write(model, request, computed, json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        if (!request.outputs().containsValue(true)) {
            return new HttpAnswer(200, HttpAnswer.JSON, text.bytes(), Map.of());
        }
        int jsonBytes = text.size();
        request.outputs().forEach((output, isBinary) -> {
            if (isBinary) {
                text.put(computed.get(output).data());
            }
        });
        return new HttpAnswer(
                200,
                "application/octet-stream",
                text.bytes(),
                Map.of(BinaryTensors.LENGTH_HEADER, Integer.toString(jsonBytes)));
    }

    private static void write(
            ServedModel model, InferenceRequest request, Map<String, Tensor> computed, JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("model_name", model.name());
        json.writeStringField("model_version", ServedModel.VERSION);
        if (request.id() != null) {
            json.writeStringField("id", request.id());
        }
        json.writeArrayFieldStart("outputs");
        for (Map.Entry<String, Boolean> output : request.outputs().entrySet()) {
            Tensor tensor = computed.get(output.getKey());
            json.writeStartObject();
            json.writeStringField("name", output.getKey());
            json.writeFieldName("shape");
            json.writeArray(tensor.shape(), 0, tensor.shape().length);
            json.writeStringField("datatype", Datatype.name(tensor.type()));
            if (output.getValue()) {
                json.writeObjectFieldStart("parameters");
                json.writeNumberField("binary_data_size", tensor.data().remaining());
                json.writeEndObject();
            } else {
                json.writeFieldName("data");
                JsonTensor.write(tensor, output.getKey(), json);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
