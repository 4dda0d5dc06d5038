package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import java.util.List;
import java.util.Map;

/**
 * A layer or model as Keras describes it in JSON.
 *
 * @param name its name
 * @param kind its class
 * @param config its options
 * @param calls what a layer of a graph is called with, once for each call
 */
record SavedLayer(String name, String kind, Map<?, ?> config, List<?> calls) {
    /** How the classes of operations that are no layers begin, such as {@code keras.ops.Add}. */
    static final String OPERATION = "keras.ops.";

    /** Modules whose layers are Keras' own; files of Keras 2 name none. */
    private static final List<String> MODULES = List.of("keras", "tensorflow.keras", "tf_keras");

    /**
     * Reads a description.
     *
     * @throws ConversionException if it is none, or that of a class which is not Keras' own
     */
    static SavedLayer of(Object json) {
        if (!(json instanceof Map<?, ?> object) || !(object.get("class_name") instanceof String kind)) {
            throw new ConversionException("the description of a layer has no class_name; expected an object with one");
        }
        // The first Sequential models were lists of layers.
        Object options =
                object.get("config") instanceof List<?> layers ? Map.of("layers", layers) : object.get("config");
        if (!(options instanceof Map<?, ?> config)) {
            throw new ConversionException(
                    "the description of a " + GraphOps.safe(kind) + " has no config; expected an object");
        }
        Object name = config.get("name") == null ? object.get("name") : config.get("name");
        String named = name instanceof String text ? text : kind;
        Object module = object.get("module");
        boolean isOwn = module == null
                || MODULES.stream()
                        .anyMatch(own ->
                                module.equals(own) || String.valueOf(module).startsWith(own + "."));
        if (!isOwn) {
            throw new ConversionException("Layer " + GraphOps.safe(named) + " (" + GraphOps.safe(kind)
                    + ") is a class of " + GraphOps.safe(String.valueOf(module)) + "; expected one of Keras: "
                    + LayerTable.advice());
        }
        // Files of the form .h5 name no modules; only layers can be trained.
        boolean isOperation = module == null
                ? object.containsKey("inbound_nodes")
                        && !config.containsKey("trainable")
                        && !config.containsKey("layers")
                        && !kind.equals("InputLayer")
                : String.valueOf(module).startsWith("keras.src.ops");
        List<?> calls = object.get("inbound_nodes") instanceof List<?> list ? list : List.of();
        return new SavedLayer(named, isOperation ? OPERATION + kind : kind, config, calls);
    }
}
