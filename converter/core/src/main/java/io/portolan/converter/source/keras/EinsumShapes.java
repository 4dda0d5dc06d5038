package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tensorflow.Output;

/**
 * The sizes of the letters in the equation of an {@code EinsumDense} layer.
 *
 * @param equation the equation as TensorFlow writes it
 * @param sizes the size of each letter of the kernel and the output
 */
record EinsumShapes(String equation, Map<Character, Long> sizes) {
    private static final Pattern EQUATION =
            Pattern.compile("(\\.\\.\\.)?([A-Za-z]+)(\\.\\.\\.)?,([A-Za-z]+)->(\\.\\.\\.)?([A-Za-z]+)(\\.\\.\\.)?");

    /**
     * The sizes that the input and the declared output give.
     *
     * @param output the sizes of the output's last axes, null for those of the input
     */
    static EinsumShapes of(String equation, Output<?> x, List<Long> output) {
        Matcher parts = EQUATION.matcher(equation.replace(" ", ""));
        if (!parts.matches()) {
            throw new ConversionException(
                    "has the equation " + GraphOps.safe(equation) + "; expected one such as abc,cd->abd");
        }
        Map<Character, Long> sizes = new HashMap<>();
        String input = parts.group(2);
        boolean isSuffix = parts.group(1) != null;
        int rank = GraphOps.rank(x);
        for (int i = 0; i < input.length(); i++) {
            int axis = isSuffix ? rank - input.length() + i : i;
            sizes.put(input.charAt(i), GraphOps.size(x, axis));
        }
        String results = parts.group(6);
        for (int i = 0; i < results.length() && i < output.size(); i++) {
            Long size = output.get(output.size() - 1 - i);
            char letter = results.charAt(results.length() - 1 - i);
            if (size != null && (parts.group(7) == null)) {
                sizes.put(letter, size);
            }
        }
        if (parts.group(7) != null) {
            for (int i = 0; i < results.length() && i <= output.size(); i++) {
                // The batch's axis is not declared.
                if (i > 0 && output.get(i - 1) != null) {
                    sizes.put(results.charAt(i), output.get(i - 1));
                }
            }
        }
        return new EinsumShapes(equation.replace(" ", ""), sizes);
    }

    /** The shape of the kernel. */
    long[] kernel() {
        return of(equation.substring(equation.indexOf(',') + 1, equation.indexOf("->")));
    }

    /** The shape of a bias along some axes of the output. */
    long[] bias(String axes) {
        String output = equation.substring(equation.indexOf("->") + 2).replace("...", "");
        int first = output.length();
        for (char axis : axes.toCharArray()) {
            if (output.indexOf(axis) < 0) {
                throw new ConversionException(
                        "has a bias along the axes " + GraphOps.safe(axes) + "; expected axes of the output");
            }
            first = Math.min(first, output.indexOf(axis));
        }
        if (equation.endsWith("...")) {
            throw new ConversionException("has a bias and an output that ends in an ellipsis; expected one of them");
        }
        String from = output.substring(first);
        return from.chars()
                .mapToLong(axis -> axes.indexOf(axis) < 0 ? 1 : size((char) axis))
                .toArray();
    }

    private long[] of(String letters) {
        return letters.chars().mapToLong(letter -> size((char) letter)).toArray();
    }

    private long size(char letter) {
        Long size = sizes.get(letter);
        if (size == null || size < 0) {
            throw new ConversionException("has weights of an unknown size along " + letter + "; expected a known one");
        }
        return size;
    }
}
