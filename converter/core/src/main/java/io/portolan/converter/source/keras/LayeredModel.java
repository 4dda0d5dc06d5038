package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.source.keras.Arguments.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

/** A model made of layers: a chain ({@code Sequential}), or a graph ({@code Functional}). */
final class LayeredModel {
    private static final String INPUT = "InputLayer";

    /** Classes that have another name in descriptions. */
    private static final Map<String, String> CLASSES = Map.of("GroupQueryAttention", "GroupedQueryAttention");

    /** Members of the configuration of a layer that say what its input is like, in the words of Keras 3 and 2. */
    private static final List<String> INPUT_SHAPES = List.of("batch_shape", "batch_input_shape");

    private final SavedLayer model;
    private final List<SavedLayer> layers;
    private final List<WeightSlots> weights;
    private final LayerTable.Context context;

    /**
     * Where data enters a model.
     *
     * @param name the name of the input
     * @param shape the sizes, -1 for open ones
     */
    record Input(String name, DataType type, Shape shape) {}

    private LayeredModel(
            SavedLayer model, List<SavedLayer> layers, List<WeightSlots> weights, LayerTable.Context context) {
        this.model = model;
        this.layers = layers;
        this.weights = weights;
        this.context = context;
    }

    /**
     * A model.
     *
     * @throws ConversionException if it is one whose layers are made by a program
     */
    static LayeredModel of(SavedLayer model, WeightSlots weights, LayerTable.Context context) {
        if (!(model.config().get("layers") instanceof List<?> list)) {
            throw new ConversionException(
                    "The model " + GraphOps.safe(model.name()) + " (" + GraphOps.safe(model.kind())
                            + ") is made by a program, which a file does not hold; " + LayerTable.advice());
        }
        List<SavedLayer> layers = list.stream().map(SavedLayer::of).toList();
        return new LayeredModel(model, layers, slots(layers, weights.child("layers")), context);
    }

    /** The weights of each layer: a {@code .keras} file names them by the class and a number. */
    private static List<WeightSlots> slots(List<SavedLayer> layers, WeightSlots container) {
        Map<String, Integer> used = new HashMap<>();
        List<WeightSlots> slots = new ArrayList<>();
        for (SavedLayer layer : layers) {
            boolean isLayer = !layer.kind().startsWith(SavedLayer.OPERATION);
            String plain = isLayer ? SnakeCase.of(CLASSES.getOrDefault(layer.kind(), layer.kind())) : layer.kind();
            int before = used.merge(plain, 1, Integer::sum) - 1;
            WeightSlots own = container.child(before == 0 ? plain : plain + "_" + before);
            if (Boolean.FALSE.equals(layer.config().get("trainable"))) {
                own.freeze();
            }
            slots.add(own);
        }
        return slots;
    }

    /** The weights of each layer by its name. */
    Map<String, WeightSlots> weights() {
        Map<String, WeightSlots> named = new LinkedHashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            named.put(layers.get(i).name(), weights.get(i));
        }
        return named;
    }

    private boolean isChain() {
        return model.kind().equals("Sequential");
    }

    /** The inputs in their order. */
    List<Input> inputs() {
        if (isChain()) {
            return List.of(chainInput());
        }
        Map<String, SavedLayer> named = new HashMap<>();
        layers.forEach(layer -> named.put(layer.name(), layer));
        return inputPlaces().stream()
                .map(place -> {
                    SavedLayer layer = named.get(place.layer());
                    if (layer == null || !layer.kind().equals(INPUT)) {
                        throw new ConversionException("The model's input " + GraphOps.safe(place.layer())
                                + " is none of its layers of the class InputLayer");
                    }
                    return declared(layer).orElseThrow();
                })
                .toList();
    }

    private Object ends(String member) {
        return Arguments.structure(model.config().get(member));
    }

    private Input chainInput() {
        SavedLayer first = layers.isEmpty() ? model : layers.get(0);
        Optional<Input> declared = declared(first);
        if (declared.isPresent()) {
            return declared.get();
        }
        if (model.config().get("build_input_shape") instanceof List<?> sizes) {
            return new Input("input", DataType.DT_FLOAT, shape(sizes));
        }
        if (first != model && first.config().get("layers") instanceof List<?>) {
            return of(first, new WeightSlots("", context.tf()), context)
                    .inputs()
                    .get(0);
        }
        throw new ConversionException("The model " + GraphOps.safe(model.name())
                + " was saved before it was built, without the shape of its input; " + LayerTable.advice());
    }

    /** The input that a layer declares. */
    private static Optional<Input> declared(SavedLayer layer) {
        for (String member : INPUT_SHAPES) {
            if (layer.config().get(member) instanceof List<?> sizes) {
                boolean isInput = layer.kind().equals(INPUT);
                LayerConfig config = new LayerConfig(layer.config());
                if (isInput
                        && (config.flag("sparse", false)
                                || config.flag("ragged", false)
                                || config.flag("optional", false))) {
                    throw new ConversionException("Input " + GraphOps.safe(layer.name())
                            + " is sparse, ragged or optional; expected a plain one");
                }
                DataType type = isInput ? config.computeType() : DataType.DT_FLOAT;
                return Optional.of(new Input(isInput ? layer.name() : layer.name() + "_input", type, shape(sizes)));
            }
        }
        return Optional.empty();
    }

    private static Shape shape(List<?> sizes) {
        long[] shape = new long[sizes.size()];
        for (int i = 0; i < shape.length; i++) {
            Object size = sizes.get(i);
            if (size != null && !(size instanceof Long number && number >= 0)) {
                throw new ConversionException("an input has sizes that are no integers of at least 0");
            }
            shape[i] = size == null ? -1 : (Long) size;
        }
        return Shape.of(shape);
    }

    /** The tensors of a result in their order. */
    static List<Object> flat(Object value) {
        List<Object> flat = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(each -> flat.addAll(flat(each)));
        } else if (value instanceof Map<?, ?> map) {
            map.keySet().stream().sorted().forEach(key -> flat.addAll(flat(map.get(key))));
        } else {
            flat.add(value);
        }
        return flat;
    }

    /** The names of the outputs, in the order of the tensors of a result. */
    List<String> outputNames(Object result) {
        if (isChain()) {
            return flat(result).stream()
                    .map(each -> layers.get(layers.size() - 1).name())
                    .toList();
        }
        Object ends = ends("output_layers");
        return ends instanceof Map<?, ?> map && map.size() == flat(result).size()
                ? map.keySet().stream().map(String::valueOf).sorted().toList()
                : Arguments.places(ends).stream().map(Place::layer).toList();
    }

    /**
     * Writes a call of the model.
     *
     * @param inputs a list of tensors, or a dictionary of them
     */
    Object call(Object inputs) {
        return isChain() ? chain(flat(inputs)) : graph(inputs);
    }

    private Object chain(List<Object> inputs) {
        Object result = inputs.size() == 1 ? inputs.get(0) : inputs;
        for (int i = 0; i < layers.size(); i++) {
            if (!layers.get(i).kind().equals(INPUT)) {
                result = write(i, new Arguments(new ArrayList<>(List.of(result)), Map.of()));
            }
        }
        return result;
    }

    private Object write(int layer, Arguments arguments) {
        SavedLayer saved = layers.get(layer);
        context.tf().scope(saved.name());
        return LayerTable.write(
                saved.name(),
                new LayerCall(
                        context,
                        saved.kind(),
                        new LayerConfig(saved.config()),
                        weights.get(layer),
                        arguments.arguments(),
                        arguments.keywords()));
    }

    /** A call of a layer in a graph. */
    private record Node(int layer, int call) {}

    private Object graph(Object inputs) {
        Map<String, Integer> places = places();
        Map<Node, Object> results = given(inputs, places);
        Map<Node, Arguments> waiting = new LinkedHashMap<>();
        Map<Node, List<Node>> readers = new HashMap<>();
        Map<Node, Integer> missing = new HashMap<>();
        Deque<Node> ready = new ArrayDeque<>();
        for (int i = 0; i < layers.size(); i++) {
            List<?> calls = layers.get(i).calls();
            for (int c = 0; c < calls.size() && !layers.get(i).kind().equals(INPUT); c++) {
                Node node = new Node(i, c);
                Arguments arguments = Arguments.of(calls.get(c));
                waiting.put(node, arguments);
                Set<Node> read = new HashSet<>();
                Arguments.places(List.of(arguments.arguments(), arguments.keywords()))
                        .forEach(place -> read.add(node(place, places)));
                read.removeAll(results.keySet());
                read.forEach(other ->
                        readers.computeIfAbsent(other, any -> new ArrayList<>()).add(node));
                missing.put(node, read.size());
                if (read.isEmpty()) {
                    ready.add(node);
                }
            }
        }
        while (!ready.isEmpty()) {
            Node node = ready.remove();
            Arguments arguments = waiting.remove(node);
            Arguments tensors = new Arguments(
                    resolvedList(arguments.arguments(), results, places),
                    resolvedMap(arguments.keywords(), results, places));
            results.put(node, write(node.layer(), tensors));
            for (Node reader : readers.getOrDefault(node, List.of())) {
                if (missing.merge(reader, -1, Integer::sum) == 0) {
                    ready.add(reader);
                }
            }
        }
        if (!waiting.isEmpty()) {
            throw new ConversionException("Layer "
                    + GraphOps.safe(
                            layers.get(waiting.keySet().iterator().next().layer())
                                    .name())
                    + " waits for its own result, or for a tensor that nothing computes");
        }
        return Arguments.resolved(ends("output_layers"), place -> result(place, results, places));
    }

    /** The place of each layer by its name. */
    private Map<String, Integer> places() {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            if (places.put(layers.get(i).name(), i) != null) {
                throw new ConversionException("the model has two layers "
                        + GraphOps.safe(layers.get(i).name()));
            }
        }
        return places;
    }

    /** The inputs by the layers that stand for them. */
    private Map<Node, Object> given(Object inputs, Map<String, Integer> places) {
        Map<Node, Object> given = new HashMap<>();
        if (inputs instanceof Map<?, ?> named) {
            Object ends = ends("input_layers");
            Map<?, ?> byKey = ends instanceof Map<?, ?> map ? map : Map.of();
            named.forEach((key, tensor) -> {
                String layer = byKey.get(key) instanceof Place place ? place.layer() : String.valueOf(key);
                given.put(node(new Place(layer, 0, 0), places), tensor);
            });
            return given;
        }
        List<Place> order = inputPlaces();
        List<Object> tensors = flat(inputs);
        if (order.size() != tensors.size()) {
            throw new ConversionException("is called with " + tensors.size() + " inputs; expected " + order.size());
        }
        for (int i = 0; i < order.size(); i++) {
            given.put(node(order.get(i), places), tensors.get(i));
        }
        return given;
    }

    /** The layers that stand for the inputs, in the order in which Keras takes them: those of a dictionary by their keys. */
    private List<Place> inputPlaces() {
        Object ends = ends("input_layers");
        return Arguments.places(ends instanceof Map<?, ?> map ? sorted(map) : ends);
    }

    private static List<Object> sorted(Map<?, ?> map) {
        List<Object> values = new ArrayList<>();
        map.keySet().stream().sorted().forEach(key -> values.add(map.get(key)));
        return values;
    }

    private static Node node(Place place, Map<String, Integer> indices) {
        Integer index = indices.get(place.layer());
        if (index == null || place.call() < 0 || place.call() > Integer.MAX_VALUE) {
            throw new ConversionException(
                    "The model has no layer " + GraphOps.safe(place.layer()) + ", which others read");
        }
        return new Node(index, (int) place.call());
    }

    private static Object result(Place place, Map<Node, Object> results, Map<String, Integer> indices) {
        Object result = results.get(node(place, indices));
        List<Object> tensors = result == null ? List.of() : flat(result);
        if (place.output() < 0 || place.output() >= tensors.size()) {
            throw new ConversionException("Layer " + GraphOps.safe(place.layer()) + " has " + tensors.size()
                    + " results in its call " + place.call() + "; expected one of index " + place.output());
        }
        return tensors.get((int) place.output());
    }

    @SuppressWarnings("unchecked")
    private static List<Object> resolvedList(
            List<Object> values, Map<Node, Object> results, Map<String, Integer> indices) {
        return (List<Object>) Arguments.resolved(values, place -> result(place, results, indices));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> resolvedMap(
            Map<String, Object> values, Map<Node, Object> results, Map<String, Integer> indices) {
        return (Map<String, Object>) Arguments.resolved(values, place -> result(place, results, indices));
    }
}
