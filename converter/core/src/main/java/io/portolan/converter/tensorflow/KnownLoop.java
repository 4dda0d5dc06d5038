package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A loop over integers that are known before the graph runs, such as one that finds a greatest common divisor: it is run when the graph is
 * converted.
 *
 * @param translator translates its functions
 * @param condition whether it goes on
 * @param body an iteration
 * @param path the prefix of the names of its nodes
 */
record KnownLoop(GraphTranslator translator, FunctionBody condition, FunctionBody body, String path) {
    /** A loop with more iterations stays one: each is translated. */
    private static final int MOST_ITERATIONS = 64;

    /** The final values of the variables; empty if they are not all known after a few iterations. */
    Optional<List<TranslatedTensor>> results(List<TranslatedTensor> initial, OnnxGraph graph) {
        List<TranslatedTensor> values = initial;
        for (int iteration = 0; iteration < MOST_ITERATIONS && areKnown(values); iteration++) {
            // What is known needs no nodes: those of these graphs are not used.
            Value goesOn = translated(condition, values, graph).get(0).parts().get(0);
            if (!goesOn.isConstant()) {
                return Optional.empty();
            }
            if (goesOn.data().orElseThrow().doubleAt(0) == 0) {
                return Optional.of(values);
            }
            List<TranslatedTensor> next = new ArrayList<>(translated(body, values, graph));
            List<TranslatedTensor> before = values;
            IntStream.range(0, next.size()).filter(this::isUnchanged).forEach(i -> next.set(i, before.get(i)));
            values = next;
        }
        return Optional.empty();
    }

    private List<TranslatedTensor> translated(
            FunctionBody function, List<TranslatedTensor> arguments, OnnxGraph graph) {
        return translator.translate(
                function.graph(),
                ControlFlow.arguments(function, arguments),
                path + "/",
                graph.nested(path + "/known"));
    }

    private boolean areKnown(List<TranslatedTensor> values) {
        return IntStream.range(0, values.size())
                .filter(i -> !isUnchanged(i))
                .allMatch(i -> values.get(i).parts().stream()
                        .allMatch(part -> part.isConstant() && !part.element().isFloating()));
    }

    private boolean isUnchanged(int variable) {
        return body.argumentOfResult(variable) == variable;
    }
}
