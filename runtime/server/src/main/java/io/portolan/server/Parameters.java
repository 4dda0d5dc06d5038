package io.portolan.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The {@code parameters} of the binary tensor data extension. Others are
 * {@linkplain InferenceRequestBuilder#requireSupported refused or ignored}.
 *
 * @param binarySize size in bytes of an input's binary data after the JSON
 * @param binary whether an output is wanted as binary data
 * @param allBinary whether binary data is the default for all outputs
 */
record Parameters(OptionalLong binarySize, Optional<Boolean> binary, boolean allBinary) {
    static final Parameters NONE = new Parameters(OptionalLong.empty(), Optional.empty(), false);

    /** Reads the parameters; null counts as absent, here and for each parameter. */
    static Parameters read(JsonParser json) throws IOException {
        if (JsonFields.isNull(json)) {
            return NONE;
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw HttpError.badRequest("'parameters' is an object");
        }
        OptionalLong binarySize = OptionalLong.empty();
        Optional<Boolean> binary = Optional.empty();
        boolean allBinary = false;
        for (String field = JsonFields.next(json); field != null; field = JsonFields.next(json)) {
            switch (field) {
                case "binary_data_size" -> binarySize = OptionalLong.of(size(json));
                case "binary_data" -> binary = Optional.of(bool(json, field));
                case "binary_data_output" -> allBinary = bool(json, field);
                default -> pass(field, json);
            }
        }
        return new Parameters(binarySize, binary, allBinary);
    }

    private static void pass(String field, JsonParser json) throws IOException {
        InferenceRequestBuilder.requireSupported(field);
        json.skipChildren();
    }

    private static long size(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw HttpError.badRequest("'binary_data_size' is an integer");
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
