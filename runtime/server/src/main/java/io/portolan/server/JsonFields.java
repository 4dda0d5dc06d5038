package io.portolan.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Reads the values of JSON fields and checks their types. */
final class JsonFields {
    private JsonFields() {}

    /** Reads an object to its end, from the parser's position inside it. */
    @FunctionalInterface
    interface ObjectReader {
        void read(JsonParser json) throws IOException;
    }

    static boolean isNull(JsonParser json) {
        return json.currentToken() == JsonToken.VALUE_NULL;
    }

    /**
     * Moves to the value of the next field of an object; null fields are skipped.
     *
     * @return the field's name; null at the end of the object
     */
    static String next(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            if (!isNull(json)) {
                return field;
            }
        }
        return null;
    }

    static String text(JsonParser json, String field) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw HttpError.badRequest("'" + field + "' is a string");
        }
        return JsonTexts.requireWhole(json.getText(), "'" + field + "'");
    }

    static void objects(JsonParser json, String field, ObjectReader reader) throws IOException {
        requireArray(json, field);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw HttpError.badRequest("'" + field + "' is an array of objects");
            }
            reader.read(json);
        }
    }

    static void requireArray(JsonParser json, String field) {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw HttpError.badRequest("'" + field + "' is an array");
        }
    }
}
