package io.portolan.programs.text;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Operation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads and writes what the axes of a convolution are: {@code [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]}. */
final class ConvolutionText {
    /** The axes of one of the three tensors: the letters of two of them and their attributes, and the attribute of the others. */
    private record Layout(Map<Character, String> letters, String spatial) {}

    private static final Layout INPUT = new Layout(
            Map.of('b', "input_batch_dimension", 'f', "input_feature_dimension"), "input_spatial_dimensions");
    private static final Layout KERNEL = new Layout(
            Map.of('i', "kernel_input_feature_dimension", 'o', "kernel_output_feature_dimension"),
            "kernel_spatial_dimensions");
    private static final Layout OUTPUT = new Layout(
            Map.of('b', "output_batch_dimension", 'f', "output_feature_dimension"), "output_spatial_dimensions");

    private ConvolutionText() {}

    /** Reads the axes. */
    static Attribute.Entries dimensions(TextCursor in) throws ProgramException {
        Map<String, Attribute> entries = new LinkedHashMap<>();
        read(in, INPUT, entries);
        in.expect("x");
        read(in, KERNEL, entries);
        in.expect("->");
        read(in, OUTPUT, entries);
        return new Attribute.Entries(entries);
    }

    private static void read(TextCursor in, Layout layout, Map<String, Attribute> entries) throws ProgramException {
        TreeMap<Long, Long> spatial = new TreeMap<>();
        in.expect("[");
        long axis = 0;
        do {
            int from = in.position();
            long order = in.size();
            boolean isNew;
            if (order >= 0) {
                isNew = spatial.put(order, axis) == null;
            } else {
                String letter = in.word();
                String attribute = letter.length() == 1 ? layout.letters.get(letter.charAt(0)) : null;
                isNew = attribute != null && entries.put(attribute, new Attribute.Int(axis)) == null;
            }
            if (!isNew) {
                throw in.faultAt(from, "expected each of " + layout.letters.keySet() + " and each number once");
            }
            axis++;
        } while (in.take(","));
        in.expect("]");
        if (!spatial.isEmpty() && spatial.lastKey() != spatial.size() - 1) {
            throw in.fault("expected the numbers 0 to " + (spatial.size() - 1) + ", got " + spatial.keySet());
        }
        entries.put(layout.spatial, new Attribute.Ints(List.copyOf(spatial.values())));
    }

    /** The attributes that the notation stands for. */
    static Set<String> attributes() {
        return Stream.of(INPUT, KERNEL, OUTPUT)
                .flatMap(layout -> Stream.concat(layout.letters.values().stream(), Stream.of(layout.spatial)))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Appends the axes. */
    static void write(Operation operation, StringBuilder out) {
        out.append(text(INPUT, operation))
                .append('x')
                .append(text(KERNEL, operation))
                .append("->")
                .append(text(OUTPUT, operation));
    }

    private static String text(Layout layout, Operation operation) {
        Map<Long, String> byAxis = new TreeMap<>();
        layout.letters.forEach((letter, attribute) -> byAxis.put(operation.integer(attribute), String.valueOf(letter)));
        List<Long> spatial = operation.integers(layout.spatial);
        for (int i = 0; i < spatial.size(); i++) {
            byAxis.put(spatial.get(i), String.valueOf(i));
        }
        return "[" + String.join(", ", byAxis.values()) + "]";
    }
}
