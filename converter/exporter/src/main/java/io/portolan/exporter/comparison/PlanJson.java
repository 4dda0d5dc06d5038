package io.portolan.exporter.comparison;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Reads plans strictly: what is misspelt, misplaced or of another type is refused with the place where it stands. */
final class PlanJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private static final PropertyNamingStrategies.NamingBase NAMES = new PropertyNamingStrategies.SnakeCaseStrategy();

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
            JsonNode plan = MAPPER.readTree(json);
            if (!plan.isObject()) {
                throw new IOException(origin + ": expected a JSON object");
            }
            requireKnown(origin, "", plan, ComparisonPlan.class);
            requireKnown(origin, "budget.", plan.path("budget"), Budget.class);
            for (int i = 0; i < plan.path("models").size(); i++) {
                requireKnown(origin, "models[" + i + "].", plan.path("models").path(i), Competitor.class);
            }
            return MAPPER.treeToValue(plan, ComparisonPlan.class);
        } catch (JsonProcessingException refused) {
            throw new IOException(origin + ": " + problem(refused), refused);
        }
    }

    /** Before anything else: a misspelt field would be reported as missing. */
    private static void requireKnown(String origin, String place, JsonNode object, Class<? extends Record> type)
            throws IOException {
        List<String> known = Arrays.stream(type.getRecordComponents())
                .map(component -> NAMES.translate(component.getName()))
                .toList();
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw new IOException(
                        origin + ": unknown field '" + place + name + "'; expected " + String.join(", ", known));
            }
        }
    }

    private static String problem(JsonProcessingException refused) {
        if (refused instanceof ValueInstantiationException invalid && invalid.getCause() != null) {
            return within(invalid) + invalid.getCause().getMessage();
        }
        if (refused instanceof MismatchedInputException other
                && !other.getPath().isEmpty()) {
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
