package io.portolan.converter.ir;

import static io.portolan.converter.ir.Inference.require;
import static io.portolan.converter.ir.Inference.sameElement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Type inference of Einsum; an ellipsis stands for axes that broadcast. */
final class EinsumInference {
    private static final String ELLIPSIS = "...";

    private EinsumInference() {}

    static List<TensorType> einsum(List<Value> inputs, Attributes attributes) {
        String equation = attributes.text("equation", "").replace(" ", "");
        int arrow = equation.indexOf("->");
        require(arrow >= 0, "an equation with an arrow", equation);
        String[] terms = equation.substring(0, arrow).split(",", -1);
        require(terms.length == inputs.size(), terms.length + " inputs", inputs);
        Map<Character, Dim> sizes = new HashMap<>();
        TensorShape broadcast = TensorShape.SCALAR;
        for (int i = 0; i < terms.length; i++) {
            broadcast = broadcast.broadcastWith(bind(terms[i], inputs.get(i).shape(), sizes));
        }
        return List.of(new TensorType(sameElement(inputs), result(equation.substring(arrow + 2), sizes, broadcast)));
    }

    /** Records the sizes of the axes of one input; returns those under its ellipsis. */
    private static TensorShape bind(String term, TensorShape shape, Map<Character, Dim> sizes) {
        int ellipsis = term.indexOf(ELLIPSIS);
        String letters = term.replace(ELLIPSIS, "");
        int covered = shape.rank() - letters.length();
        require(ellipsis >= 0 ? covered >= 0 : covered == 0, "a tensor for " + term, shape);
        int first = ellipsis >= 0 ? ellipsis : letters.length();
        for (int i = 0; i < letters.length(); i++) {
            Dim dim = shape.dim(i < first ? i : i + covered);
            Dim known = sizes.merge(letters.charAt(i), dim, Dim::broadcastWith);
            require(known.canEqual(dim) || dim.is(1), "one size for " + letters.charAt(i), known + " and " + dim);
        }
        return new TensorShape(shape.dims().subList(first, first + covered));
    }

    private static TensorShape result(String term, Map<Character, Dim> sizes, TensorShape broadcast) {
        List<Dim> dims = new ArrayList<>();
        int ellipsis = term.indexOf(ELLIPSIS);
        String letters = term.replace(ELLIPSIS, "");
        for (int i = 0; i <= letters.length(); i++) {
            if (i == ellipsis) {
                dims.addAll(broadcast.dims());
            }
            if (i < letters.length()) {
                Dim dim = sizes.get(letters.charAt(i));
                require(dim != null, "an input with axis " + letters.charAt(i), term);
                dims.add(dim);
            }
        }
        return new TensorShape(dims);
    }
}
