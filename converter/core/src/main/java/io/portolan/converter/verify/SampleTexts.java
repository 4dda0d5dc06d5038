package io.portolan.converter.verify;

import io.portolan.converter.ir.Attribute;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Random texts to run a model on: mostly those that the model itself has in tables and constants, alone and in sentences.
 *
 * @param words what the model has; empty if it has none
 */
record SampleTexts(List<String> words) {
    private static final int MOST_WORDS = 4096;

    /** Texts that no table has, but for a model of just these. */
    private static final List<String> OTHERS =
            List.of("", "unknown", " ", "Über, naïve: 東京\t😀", "A b-c  d.", "0", "<br />x!");

    /** The texts of a graph's tables and constants. */
    static SampleTexts of(OnnxGraph graph) {
        Set<String> words = new LinkedHashSet<>();
        graph.allNodes().flatMap(node -> texts(node).stream()).limit(MOST_WORDS).forEach(words::add);
        return new SampleTexts(List.copyOf(words));
    }

    private static List<String> texts(Node node) {
        List<String> texts = new ArrayList<>();
        if (node.attributes().byName().get("keys_strings") instanceof Attribute.Texts keys) {
            texts.addAll(keys.values());
        }
        node.inputs().stream()
                .filter(input -> input.element() == OnnxType.STRING)
                .flatMap(input -> input.data().stream())
                .forEach(data -> texts.addAll(data.texts()));
        return texts;
    }

    /** A word that the model has, which some models require; a whole number if it has none. */
    String known(Random random) {
        return words.isEmpty() ? number(random) : words.get(random.nextInt(words.size()));
    }

    /** A word, a few words, or something else. */
    String any(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> OTHERS.get(random.nextInt(OTHERS.size()));
            case 1 ->
                String.join(
                        " ", IntStream.range(0, 3).mapToObj(i -> known(random)).toList());
            default -> known(random);
        };
    }

    /** A positive number, for models that make numbers of texts. */
    static String number(Random random) {
        return Integer.toString(1 + random.nextInt(2));
    }
}
