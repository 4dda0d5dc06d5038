package io.portolan.server;

import io.portolan.runtime.ElementType;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** The Open Inference Protocol's names for element types. */
public final class Datatype {
    private static final Map<ElementType, String> OTHER_NAMES = Map.of(
            ElementType.FLOAT16, "FP16",
            ElementType.BFLOAT16, "BF16",
            ElementType.FLOAT, "FP32",
            ElementType.DOUBLE, "FP64",
            ElementType.STRING, "BYTES");

    private static final Map<String, ElementType> TYPES =
            Arrays.stream(ElementType.values()).collect(Collectors.toMap(Datatype::name, type -> type));

    private Datatype() {}

    public static String name(ElementType type) {
        return OTHER_NAMES.getOrDefault(type, type.name());
    }

    static ElementType of(String name) {
        ElementType type = TYPES.get(name);
        if (type == null) {
            throw HttpError.badRequest("there is no datatype '" + name + "'; the protocol has "
                    + TYPES.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        return type;
    }
}
