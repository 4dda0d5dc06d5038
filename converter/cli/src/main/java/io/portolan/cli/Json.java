package io.portolan.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

/** The JSON output of commands. */
final class Json {
    private static final ObjectMapper LINES = new ObjectMapper();
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private Json() {}

    static Lines of(Object value) {
        return write(MAPPER, value);
    }

    /** JSON on one line, for programs that read line by line. */
    static Lines line(Object value) {
        return write(LINES, value);
    }

    /** A number as JSON has it, which has neither NaN nor infinity: such a number is text. */
    static Object number(double number) {
        return Double.isFinite(number) ? number : Double.toString(number);
    }

    private static Lines write(ObjectMapper mapper, Object value) {
        try {
            return new Lines(mapper.writeValueAsString(value));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
