package io.portolan.exporter.comparison;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads plans strictly: what is misspelt, misplaced or of another type is refused with the place where it stands. */
final class PlanJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    /** Types in words. */
    private static final Map<Class<?>, String> WORDS = Map.of(
            Integer.class, "a whole number",
            Long.class, "a whole number",
            Double.class, "a number",
            Boolean.class, "true or false",
            String.class, "text");

    private PlanJson() {}

    static ComparisonPlan parse(String json, String origin) throws IOException {
        try {
            ComparisonPlan plan = MAPPER.readValue(json, ComparisonPlan.class);
            if (plan == null) {
                throw new IOException(origin + ": expected a JSON object, not null");
            }
            return plan;
        } catch (JsonProcessingException refused) {
            throw new IOException(origin + ": " + problem(refused), refused);
        }
    }

    private static String problem(JsonProcessingException refused) {
        if (refused instanceof UnrecognizedPropertyException unknown) {
            return "unknown field '" + place(unknown) + "'; expected "
                    + unknown.getKnownPropertyIds().stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining(", "));
        }
        if (refused instanceof ValueInstantiationException invalid && invalid.getCause() != null) {
            return within(invalid) + invalid.getCause().getMessage();
        }
        if (refused instanceof MismatchedInputException other && other.getTargetType() != null) {
            return within(other) + "expected " + words(other.getTargetType());
        }
        return "not JSON (" + refused.getOriginalMessage() + ")";
    }

    private static String words(Class<?> type) {
        String list = Collection.class.isAssignableFrom(type) ? "a list" : "an object";
        return WORDS.getOrDefault(type, list);
    }

    private static String within(JsonMappingException failure) {
        String place = place(failure);
        return place.isEmpty() ? "" : place + ": ";
    }

    /** Such as {@code models[1].config}. */
    private static String place(JsonMappingException failure) {
        StringBuilder place = new StringBuilder();
        for (JsonMappingException.Reference step : failure.getPath()) {
            if (step.getFieldName() == null) {
                place.append('[').append(step.getIndex()).append(']');
            } else {
                place.append(place.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return place.toString();
    }
}
