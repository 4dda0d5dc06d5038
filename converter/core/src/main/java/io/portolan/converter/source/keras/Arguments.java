package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a layer is called with, as Keras writes it.
 *
 * @param arguments positional ones
 * @param keywords those by name
 */
record Arguments(List<Object> arguments, Map<String, Object> keywords) {
    /**
     * The place of a tensor in a model.
     *
     * @param layer the name of the layer that computes it
     * @param call which of the layer's calls
     * @param output which of the call's results
     */
    record Place(String layer, long call, long output) {}

    /** A call in the form of Keras 3, {@code {args, kwargs}}, or in that of Keras 2, {@code [[layer, call, output, kwargs], …]}. */
    static Arguments of(Object json) {
        if (json instanceof Map<?, ?> object && object.get("args") instanceof List<?> args) {
            Object kwargs = object.get("kwargs");
            return new Arguments(
                    args.stream().map(Arguments::latest).collect(Collectors.toCollection(ArrayList::new)),
                    kwargs instanceof Map<?, ?> named ? named(named, Arguments::latest) : Map.of());
        }
        Map<String, Object> keywords = new LinkedHashMap<>();
        Object inputs = earlier(json, keywords);
        boolean isOne = inputs instanceof List<?> list && list.size() == 1;
        List<Object> arguments = new ArrayList<>();
        arguments.add(isOne ? ((List<?>) inputs).get(0) : inputs);
        return new Arguments(arguments, keywords);
    }

    private static Map<String, Object> named(Map<?, ?> object, Function<Object, Object> value) {
        Map<String, Object> named = new LinkedHashMap<>();
        object.forEach((name, json) -> named.put((String) name, value.apply(json)));
        return named;
    }

    private static Object latest(Object json) {
        if (json instanceof List<?> list) {
            return list.stream().map(Arguments::latest).collect(Collectors.toCollection(ArrayList::new));
        }
        if (!(json instanceof Map<?, ?> object)) {
            return json;
        }
        if ("__keras_tensor__".equals(object.get("class_name"))
                && object.get("config") instanceof Map<?, ?> config
                && config.get("keras_history") instanceof List<?> history) {
            return place(history);
        }
        if ("__tuple__".equals(object.get("class_name"))) {
            return latest(object.get("items"));
        }
        return named(object, Arguments::latest);
    }

    /** A tensor, or a list or dictionary of them; what a tensor comes with are the arguments by name. */
    private static Object earlier(Object json, Map<String, Object> keywords) {
        if (isPlace(json)) {
            List<?> history = (List<?>) json;
            if (history.size() > 3 && history.get(3) instanceof Map<?, ?> kwargs) {
                keywords.putAll(named(kwargs, Arguments::value));
            }
            return "_CONSTANT_VALUE".equals(history.get(0)) ? history.get(2) : place(history.subList(0, 3));
        }
        if (json instanceof List<?> list) {
            return list.stream().map(each -> earlier(each, keywords)).collect(Collectors.toCollection(ArrayList::new));
        }
        if (json instanceof Map<?, ?> object) {
            return named(object, each -> earlier(each, keywords));
        }
        return json;
    }

    private static Object value(Object json) {
        if (isPlace(json) && ((List<?>) json).size() == 3) {
            return place((List<?>) json);
        }
        if (json instanceof List<?> list) {
            return list.stream().map(Arguments::value).collect(Collectors.toCollection(ArrayList::new));
        }
        return json instanceof Map<?, ?> object ? named(object, Arguments::value) : json;
    }

    private static boolean isPlace(Object json) {
        return json instanceof List<?> list
                && list.size() >= 3
                && list.get(0) instanceof String
                && list.get(1) instanceof Long
                && (list.get(2) instanceof Long || "_CONSTANT_VALUE".equals(list.get(0)));
    }

    /** The place {@code [layer, call, output]}. */
    static Place place(List<?> history) {
        if (history.size() >= 3
                && history.get(0) instanceof String layer
                && history.get(1) instanceof Long call
                && history.get(2) instanceof Long output) {
            return new Place(layer, call, output);
        }
        throw new ConversionException("has an input that is no tensor of the model; expected layer, call and output");
    }

    /** The places in what {@code input_layers} or {@code output_layers} lists: one, a list or a dictionary of them. */
    static Object structure(Object json) {
        if (isPlace(json)) {
            return place((List<?>) json);
        }
        if (json instanceof List<?> list) {
            return list.stream().map(Arguments::structure).collect(Collectors.toCollection(ArrayList::new));
        }
        if (json instanceof Map<?, ?> object) {
            return named(object, Arguments::structure);
        }
        throw new ConversionException(
                "has inputs or outputs that are no tensors of the model; expected layer, call and output");
    }

    /** The places within a value. */
    static List<Place> places(Object value) {
        List<Place> places = new ArrayList<>();
        collect(value, places);
        return places;
    }

    private static void collect(Object value, List<Place> places) {
        if (value instanceof Place place) {
            places.add(place);
        } else if (value instanceof List<?> list) {
            list.forEach(each -> collect(each, places));
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(each -> collect(each, places));
        }
    }

    /** A value with what is at each place instead of it. */
    static Object resolved(Object value, Function<Place, Object> at) {
        if (value instanceof Place place) {
            return at.apply(place);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(each -> resolved(each, at)).collect(Collectors.toCollection(ArrayList::new));
        }
        if (value instanceof Map<?, ?> map) {
            return named(map, each -> resolved(each, at));
        }
        return value;
    }
}
