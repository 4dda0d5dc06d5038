package io.portolan.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Facts of a model file that ONNX Runtime's Java interface does not expose: which inputs and outputs have no rank,
 * which inputs have a default that a caller may replace, an initialiser of the same name, and whether it has recurrent layers.
 */
final class ModelOutline {
    /** The IR version from which an initialiser can be replaced if, and only if, it is also an input. */
    private static final long REPLACEABLE_SINCE = 4;

    /** Larger initialisers are weights, which old exporters listed as inputs too, and which callers do not pass. */
    private static final int LARGEST_DEFAULT = 1 << 20;

    private static final Set<String> RECURRENT = Set.of("LSTM", "GRU", "RNN");

    /** Graphs that are nested deeper are not looked at. */
    private static final int DEEPEST = 50;

    private static final int MODEL_IR_VERSION = 1;
    private static final int MODEL_GRAPH = 7;
    private static final int MODEL_OPSET = 8;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_NAME = 2;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int GRAPH_INPUT = 11;
    private static final int GRAPH_OUTPUT = 12;
    private static final int NODE_OPERATOR = 4;
    private static final int NODE_ATTRIBUTE = 5;
    private static final int ATTRIBUTE_GRAPH = 6;
    private static final int VALUE_NAME = 1;
    private static final int VALUE_TYPE = 2;
    private static final int TYPE_TENSOR = 1;
    private static final int TENSOR_TYPE_SHAPE = 2;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_LOCATION = 14;

    private final ByteBuffer model;
    private final Map<String, ByteBuffer> inputs = new LinkedHashMap<>();
    private final Map<String, ByteBuffer> initializers = new LinkedHashMap<>();
    private final Set<String> unranked = new LinkedHashSet<>();
    private boolean external;
    private boolean recurrent;
    private long version;

    private ModelOutline(ByteBuffer model) {
        this.model = model;
    }

    /** Reads the facts of a model; none if the file cannot be parsed, for which ONNX Runtime reports the error. */
    static ModelOutline of(ByteBuffer model) {
        ModelOutline outline = new ModelOutline(model);
        try {
            outline.read();
            return outline;
        } catch (IllegalArgumentException noModel) {
            return new ModelOutline(ByteBuffer.allocate(0));
        }
    }

    /** @throws IOException if it cannot be read */
    static ModelOutline of(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            // Larger files are not ONNX files.
            return of(
                    channel.size() > Integer.MAX_VALUE
                            ? ByteBuffer.allocate(0)
                            : channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
        }
    }

    private void read() {
        for (WireFields fields = new WireFields(model); fields.next(); ) {
            if (fields.field() == MODEL_IR_VERSION) {
                version = fields.number();
            } else if (fields.field() == MODEL_GRAPH && fields.hasContent()) {
                readGraph(fields.content());
            }
        }
        initializers.keySet().retainAll(inputs.keySet());
        // A model loaded from memory would not find its external weights.
        if (external || version < REPLACEABLE_SINCE) {
            initializers.clear();
        }
    }

    private void readGraph(ByteBuffer graph) {
        for (WireFields fields = new WireFields(graph); fields.next(); ) {
            if (!fields.hasContent()) {
                continue;
            }
            switch (fields.field()) {
                case GRAPH_NODE -> readNode(fields.content(), 0);
                case GRAPH_INITIALIZER -> readInitializer(fields.content());
                case GRAPH_INPUT, GRAPH_OUTPUT -> readValue(fields.field(), fields.content());
                default -> {}
            }
        }
    }

    private void readNode(ByteBuffer node, int depth) {
        recurrent |= RECURRENT.contains(name(node, NODE_OPERATOR));
        for (WireFields fields = new WireFields(node); depth < DEEPEST && fields.next(); ) {
            ByteBuffer nested = fields.field() == NODE_ATTRIBUTE ? part(fields.content(), ATTRIBUTE_GRAPH) : null;
            for (WireFields inner = nested == null ? null : new WireFields(nested); inner != null && inner.next(); ) {
                if (inner.field() == GRAPH_NODE && inner.hasContent()) {
                    readNode(inner.content(), depth + 1);
                }
            }
        }
    }

    private void readInitializer(ByteBuffer tensor) {
        String name = name(tensor, TENSOR_NAME);
        for (WireFields fields = new WireFields(tensor); fields.next(); ) {
            external |= fields.field() == TENSOR_LOCATION && fields.number() != 0;
        }
        if (tensor.remaining() <= LARGEST_DEFAULT) {
            initializers.put(name, tensor);
        }
    }

    private void readValue(int direction, ByteBuffer value) {
        String name = name(value, VALUE_NAME);
        if (direction == GRAPH_INPUT) {
            inputs.put(name, value);
        }
        ByteBuffer tensor = part(part(value, VALUE_TYPE), TYPE_TENSOR);
        if (tensor != null && part(tensor, TENSOR_TYPE_SHAPE) == null) {
            unranked.add(name);
        }
    }

    private static String name(ByteBuffer message, int field) {
        ByteBuffer name = part(message, field);
        return name == null ? "" : StandardCharsets.UTF_8.decode(name).toString();
    }

    private static ByteBuffer part(ByteBuffer message, int field) {
        ByteBuffer found = null;
        for (WireFields fields = message == null ? null : new WireFields(message); fields != null && fields.next(); ) {
            found = fields.field() == field && fields.hasContent() ? fields.content() : found;
        }
        return found;
    }

    /** Names of inputs and outputs that may have any number of dimensions. */
    Set<String> unranked() {
        return unranked;
    }

    /** Whether the model has an LSTM, a GRU or a simple recurrent layer. */
    boolean isRecurrent() {
        return recurrent;
    }

    /** Names of inputs that may be omitted. */
    Set<String> optionalInputs() {
        return initializers.keySet();
    }

    /** The model with its optional inputs made required, because ONNX Runtime's Java interface accepts only those. */
    byte[] withoutDefaults() {
        WireMessage result = new WireMessage();
        for (WireFields fields = new WireFields(model); fields.next(); ) {
            if (fields.field() == MODEL_GRAPH) {
                result.message(MODEL_GRAPH, graphWithoutDefaults(fields.content()));
            } else {
                result.raw(fields.whole());
            }
        }
        return result.bytes();
    }

    private WireMessage graphWithoutDefaults(ByteBuffer graph) {
        WireMessage result = new WireMessage();
        for (WireFields fields = new WireFields(graph); fields.next(); ) {
            boolean isDefault = fields.field() == GRAPH_INITIALIZER
                    && initializers.containsKey(name(fields.content(), TENSOR_NAME));
            if (!isDefault) {
                result.raw(fields.whole());
            }
        }
        return result;
    }

    /** A model without inputs that outputs the defaults. */
    byte[] defaults() {
        WireMessage result = new WireMessage();
        for (WireFields fields = new WireFields(model); fields.next(); ) {
            if (fields.field() == MODEL_IR_VERSION || fields.field() == MODEL_OPSET) {
                result.raw(fields.whole());
            }
        }
        WireMessage graph = new WireMessage().text(GRAPH_NAME, "defaults");
        initializers.forEach(
                (name, tensor) -> graph.message(GRAPH_INITIALIZER, tensor).message(GRAPH_OUTPUT, inputs.get(name)));
        return result.message(MODEL_GRAPH, graph).bytes();
    }
}
