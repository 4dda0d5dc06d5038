package io.portolan.converter.inspection;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a model file holds.
 *
 * @param form what it is, such as {@code ONNX model}
 * @param facts version, producer and the like, by name
 * @param inputs the inputs, in order
 * @param outputs the outputs, in order
 * @param operations how many nodes each operator has, those of functions and of bodies of loops included; the most frequent
 *     first
 * @param weights how many arrays of weights it has
 * @param weightBytes their size in bytes; for a SavedModel that of its variables
 * @param metadata texts that were stored with the model
 */
public record ModelSummary(
        String form,
        Map<String, String> facts,
        List<Port> inputs,
        List<Port> outputs,
        Map<String, Long> operations,
        long weights,
        long weightBytes,
        Map<String, String> metadata) {

    /**
     * An input or output.
     *
     * @param type the element type, such as {@code float32}
     * @param shape the sizes, a question mark or a name for an open one, such as {@code [N, 5]}
     */
    public record Port(String name, String type, String shape) {}

    /** Counts of names, the most frequent first. */
    static Map<String, Long> byFrequency(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, LinkedHashMap::new));
    }
}
