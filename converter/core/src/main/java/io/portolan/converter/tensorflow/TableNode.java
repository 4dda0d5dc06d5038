package io.portolan.converter.tensorflow;

import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/** The form of a node that creates a lookup table, once what the table holds is known: two attributes of its own. */
public final class TableNode {
    /** The attribute with the keys, a vector. */
    public static final String KEYS = "portolan_keys";

    /** The attribute with the value of each key. */
    public static final String VALUES = "portolan_values";

    /** TensorFlow's attribute of the keys' type. */
    public static final String KEY_TYPE = "key_dtype";

    /** TensorFlow's attribute of the values' type. */
    public static final String VALUE_TYPE = "value_dtype";

    private static final Set<String> OPS = Set.of("HashTableV2", "MutableHashTableV2");

    /** The types of keys that can be converted. */
    public static final ElementTypes KEY_TYPES = ElementTypes.INTEGERS.and(ElementTypes.TEXTS);

    private static final ElementTypes VALUE_TYPES = ElementTypes.NUMBERS.and(ElementTypes.TEXTS);

    private TableNode() {}

    /** Whether a node creates a table that can be converted. */
    public static boolean isReadable(NodeDef node) {
        return OPS.contains(node.getOp())
                && KEY_TYPES.contains(type(node, KEY_TYPE))
                && VALUE_TYPES.contains(type(node, VALUE_TYPE));
    }

    private static DataType type(NodeDef node, String attribute) {
        return node.getAttrOrDefault(attribute, AttrValue.getDefaultInstance()).getType();
    }
}
