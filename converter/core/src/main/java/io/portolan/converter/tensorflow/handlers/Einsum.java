package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Einsum, as MatMul where that is what it is. ONNX requires the same number of axes under every ellipsis; TensorFlow broadcasts the leading
 * ones.
 */
final class Einsum {
    private static final String ELLIPSIS = "...";

    /** Names for the axes under an ellipsis, which no term has. */
    private static final String NAMES = "0123456789";

    private Einsum() {}

    static Value apply(GraphBuilder b, String equation, List<Value> inputs) {
        String[] sides = equation.replace(" ", "").split("->", -1);
        String[] terms = sides[0].split(",", -1);
        int most = IntStream.range(0, terms.length)
                .map(i -> covered(terms[i], inputs.get(i)))
                .max()
                .orElse(0);
        Value[] aligned = IntStream.range(0, terms.length)
                .mapToObj(i -> aligned(b, terms[i], inputs.get(i), most))
                .toArray(Value[]::new);
        return sides.length == 2 && terms.length == 2 && most <= NAMES.length()
                ? product(b, named(terms[0], most), named(terms[1], most), named(sides[1], most), aligned)
                        .orElseGet(() -> general(b, equation, aligned))
                : general(b, equation, aligned);
    }

    private static Value general(GraphBuilder b, String equation, Value[] inputs) {
        return b.apply(StandardOp.EINSUM, Attributes.of("equation", equation), inputs);
    }

    private static Optional<Value> product(GraphBuilder b, String left, String right, String result, Value[] inputs) {
        return EinsumProduct.of(left, right, result)
                .map(product -> product.of(b, left, inputs[0], right, inputs[1]))
                .or(() -> EinsumProduct.of(right, left, result)
                        .map(product -> product.of(b, right, inputs[1], left, inputs[0])));
    }

    private static String named(String term, int axes) {
        return term.replace(ELLIPSIS, NAMES.substring(0, axes));
    }

    /** The number of axes that an ellipsis stands for. */
    private static int covered(String term, Value input) {
        return term.contains(ELLIPSIS) ? input.rank() - (term.length() - ELLIPSIS.length()) : 0;
    }

    private static Value aligned(GraphBuilder b, String term, Value input, int axes) {
        int first = term.indexOf(ELLIPSIS);
        return first < 0
                ? input
                : b.unsqueeze(
                        input,
                        LongStream.range(first, first + axes - covered(term, input))
                                .toArray());
    }
}
