package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Einsum. ONNX requires the same number of axes under every ellipsis; TensorFlow broadcasts the leading ones. */
final class Einsum {
    private static final String ELLIPSIS = "...";

    private Einsum() {}

    static Value apply(GraphBuilder b, String equation, List<Value> inputs) {
        String[] terms = equation.replace(" ", "").split("->")[0].split(",", -1);
        int most = IntStream.range(0, terms.length)
                .map(i -> covered(terms[i], inputs.get(i)))
                .max()
                .orElse(0);
        Value[] aligned = IntStream.range(0, terms.length)
                .mapToObj(i -> aligned(b, terms[i], inputs.get(i), most))
                .toArray(Value[]::new);
        return b.apply(StandardOp.EINSUM, Attributes.of("equation", equation), aligned);
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
