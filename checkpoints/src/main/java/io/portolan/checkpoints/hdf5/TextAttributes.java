package io.portolan.checkpoints.hdf5;

import io.jhdf.api.Attribute;
import io.jhdf.api.Node;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.datatype.VariableLength;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The attributes of a group that are texts, such as the configuration of a model; others are not read. */
final class TextAttributes {
    /** More texts in one attribute than the header of a group holds by far. */
    private static final int MOST_TEXTS = 1 << 16;

    /** The characters that the attributes of a file may have together. */
    private static final long MOST_CHARACTERS = 256L << 20;

    private long characters;

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException if they are too many
     */
    Map<String, List<String>> of(Node node) {
        Map<String, List<String>> texts = new LinkedHashMap<>();
        for (Map.Entry<String, Attribute> entry : node.getAttributes().entrySet()) {
            Attribute attribute = entry.getValue();
            boolean isText = attribute.getDataType() instanceof StringData
                    || attribute.getDataType() instanceof VariableLength lengths && lengths.isVariableLengthString();
            if (isText && !attribute.isEmpty()) {
                texts.put(entry.getKey(), read(attribute));
            }
        }
        return texts;
    }

    private List<String> read(Attribute attribute) {
        long count = 1;
        for (long size : attribute.getDimensionsAsLong()) {
            count = Math.multiplyExact(count, size);
        }
        if (count > MOST_TEXTS) {
            throw new IllegalArgumentException("an attribute of " + count + " texts");
        }
        List<String> texts = new ArrayList<>();
        collect(attribute.getData(), texts);
        texts.forEach(text -> characters += text.length());
        if (characters > MOST_CHARACTERS) {
            throw new IllegalArgumentException("attributes of more than " + MOST_CHARACTERS + " characters");
        }
        return List.copyOf(texts);
    }

    private static void collect(Object data, List<String> texts) {
        if (data instanceof String text) {
            texts.add(text);
        } else if (data instanceof Object[] items) {
            for (Object item : items) {
                collect(item, texts);
            }
        }
    }
}
