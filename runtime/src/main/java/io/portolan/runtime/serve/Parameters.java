package io.portolan.runtime.serve;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the binary tensor data extension says in {@code parameters}; others are passed over.
 *
 * @param binarySize bytes of an input behind the JSON
 * @param binary whether an output is wanted as binary data
 * @param allBinary whether all outputs are, that do not say otherwise
 */
record Parameters(OptionalLong binarySize, Optional<Boolean> binary, boolean allBinary) {
    static final Parameters NONE = new Parameters(OptionalLong.empty(), Optional.empty(), false);

    static Parameters read(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw HttpError.badRequest("'parameters' is an object");
        }
        OptionalLong binarySize = OptionalLong.empty();
        Optional<Boolean> binary = Optional.empty();
        boolean allBinary = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "binary_data_size" -> binarySize = OptionalLong.of(size(json));
                case "binary_data" -> binary = Optional.of(bool(json, field));
                case "binary_data_output" -> allBinary = bool(json, field);
                default -> json.skipChildren();
            }
        }
        return new Parameters(binarySize, binary, allBinary);
    }

    private static long size(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw HttpError.badRequest("'binary_data_size' is a whole number");
        }
        return json.getLongValue();
    }

    private static boolean bool(JsonParser json, String field) throws IOException {
        if (!json.currentToken().isBoolean()) {
            throw HttpError.badRequest("'" + field + "' is true or false");
        }
        return json.getBooleanValue();
    }
}
