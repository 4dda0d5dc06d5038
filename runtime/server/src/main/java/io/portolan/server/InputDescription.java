package io.portolan.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.portolan.runtime.ElementType;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** The description of an input in a request, without its data. */
final class InputDescription {
    private String name;
    private String datatype;
    private long[] shape;
    private Parameters parameters = Parameters.NONE;

    /** Reads the value of a field at the parser's position. */
    void field(String field, JsonParser json) throws IOException {
        switch (field) {
            case "name" -> name = JsonFields.text(json, field);
            case "datatype" -> datatype = JsonFields.text(json, field);
            case "shape" -> shape = dimensions(json);
            case "parameters" -> parameters = Parameters.read(json);
            default -> json.skipChildren();
        }
    }

    boolean isComplete() {
        return name != null && datatype != null && shape != null;
    }

    String name() {
        return name;
    }

    long[] shape() {
        return shape;
    }

    OptionalLong binarySize() {
        return parameters.binarySize();
    }

    /**
     * Returns the type after checking the description against the model.
     *
     * @throws HttpError if a field is missing, or the model has no such input, or its type or shape does not match
     */
    ElementType type(InferenceRequestBuilder request) {
        if (!isComplete()) {
            throw HttpError.badRequest(
                    "an input has a name, a shape, a datatype and data; input '" + name + "' lacks some");
        }
        return request.requireInput(name, datatype, shape);
    }

    private static long[] dimensions(JsonParser json) throws IOException {
        JsonFields.requireArray(json, "shape");
        LongStream.Builder dimensions = LongStream.builder();
        int rank = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            boolean isNumber = json.currentToken() == JsonToken.VALUE_NUMBER_INT;
            InferenceRequestBuilder.requireDimension(++rank, isNumber ? json.getLongValue() : -1);
            dimensions.add(json.getLongValue());
        }
        return dimensions.build().toArray();
    }
}
