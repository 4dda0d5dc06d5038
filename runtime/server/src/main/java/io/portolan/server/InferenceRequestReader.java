package io.portolan.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.portolan.runtime.ElementType;
import io.portolan.runtime.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Reads inference requests of the Open Inference Protocol: JSON, followed by binary tensors. It parses in one pass,
 * directly into tensors, and checks a tensor's size against the request's before it allocates memory.
 */
final class InferenceRequestReader {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(100)
                    .maxNameLength(1000)
                    .build())
            .build();

    private final InferenceRequestBuilder request;
    private final byte[] body;
    private final BinaryTensors binary;
    private final int jsonLength;

    private String id;
    private Parameters parameters = Parameters.NONE;

    private InferenceRequestReader(InferenceRequestBuilder request, byte[] body, int jsonLength) {
        this.request = request;
        this.body = body;
        this.jsonLength = jsonLength;
        this.binary = new BinaryTensors(body, jsonLength);
    }

    /**
     * @param jsonLength length of the JSON in bytes; the rest of the body is binary tensors
     * @throws HttpError if the body is not a valid request for this model
     */
    static InferenceRequest read(InferenceRequestBuilder request, byte[] body, int jsonLength) {
        JsonTexts.requireUtf8(body, jsonLength);
        try (JsonParser json = parser(body, 0, jsonLength)) {
            return new InferenceRequestReader(request, body, jsonLength).read(json);
        } catch (JsonProcessingException malformed) {
            throw JsonTexts.describe(malformed);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static JsonParser parser(byte[] body, int offset, int length) throws IOException {
        // The parser would interpret a zero byte at the start as UTF-16 or UTF-32, and skip a byte order mark.
        for (int i = offset; i < offset + Math.min(Integer.BYTES, length); i++) {
            if (body[i] == 0 || body[offset] < 0) {
                throw HttpError.badRequest("the body is not valid JSON in UTF-8: it starts with other bytes");
            }
        }
        return JSON.createParser(body, offset, length);
    }

    private InferenceRequest read(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw HttpError.badRequest("the body is not a JSON object; an inference request is {\"inputs\": [...]}");
        }
        for (String field = JsonFields.next(json); field != null; field = JsonFields.next(json)) {
            switch (field) {
                case "id" -> id = JsonFields.text(json, "id");
                case "parameters" -> parameters = Parameters.read(json);
                case "inputs" -> JsonFields.objects(json, "inputs", this::input);
                case "outputs" -> JsonFields.objects(json, "outputs", this::output);
                default -> json.skipChildren();
            }
        }
        if (json.nextToken() != null) {
            throw HttpError.badRequest(
                    "there are bytes after the JSON object; if binary tensors follow it, give its length in the"
                            + " header " + BinaryTensors.LENGTH_HEADER);
        }
        binary.requireAllRead();
        return request.build(id, parameters.allBinary());
    }

    private void input(JsonParser json) throws IOException {
        InputDescription input = new InputDescription();
        int dataAt = -1;
        Tensor tensor = null;
        for (String field = JsonFields.next(json); field != null; field = JsonFields.next(json)) {
            if (!field.equals("data")) {
                input.field(field, json);
                continue;
            }
            JsonFields.requireArray(json, field);
            if (input.isComplete()) {
                tensor = data(json, input);
            } else {
                dataAt = (int) json.currentTokenLocation().getByteOffset();
                json.skipChildren();
            }
        }
        if (dataAt >= 0) {
            try (JsonParser again = parser(body, dataAt, jsonLength - dataAt)) {
                again.nextToken();
                tensor = data(again, input);
            }
        }
        if (input.binarySize().isPresent()) {
            if (tensor != null) {
                throw HttpError.badRequest("input '" + input.name() + "' has both data and binary data; send one");
            }
            tensor = binary.next(
                    input.name(),
                    input.type(request),
                    input.shape(),
                    input.binarySize().getAsLong());
        }
        if (tensor == null) {
            throw HttpError.badRequest("input '" + input.name() + "' has neither data nor parameters.binary_data_size");
        }
        request.input(input.name(), tensor);
    }

    private Tensor data(JsonParser json, InputDescription input) throws IOException {
        ElementType type = input.type(request);
        InferenceRequestBuilder.requireElements(input.name(), type, input.shape(), (jsonLength + 1L) / 2);
        return JsonTensor.read(json, input.name(), type, input.shape());
    }

    private void output(JsonParser json) throws IOException {
        String name = null;
        Parameters own = Parameters.NONE;
        for (String field = JsonFields.next(json); field != null; field = JsonFields.next(json)) {
            switch (field) {
                case "name" -> name = JsonFields.text(json, "name");
                case "parameters" -> own = Parameters.read(json);
                default -> json.skipChildren();
            }
        }
        request.output(name, own.binary().orElse(null));
    }
}
