package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Translates one TensorFlow op. */
@FunctionalInterface
public interface OpHandler {
    /**
     * Appends the translation of a node to the graph under construction.
     *
     * @return one entry for each output of the node
     * @throws IllegalArgumentException with what was expected; the importer adds the node's name
     */
    List<TranslatedTensor> convert(NodeContext node);

    /** A handler on real tensors with one output. */
    static OpHandler real(Function<NodeContext, Value> handler) {
        return node -> List.of(new RealValue(handler.apply(node)));
    }

    /** A handler with one output, real or complex. */
    static OpHandler single(Function<NodeContext, TranslatedTensor> handler) {
        return node -> List.of(handler.apply(node));
    }

    /**
     * A handler of an op that is linear with real coefficients, such as one that only moves elements: on complex inputs, the
     * op is applied to the real parts and to the imaginary parts.
     *
     * @param handler the op on real tensors, returning its outputs
     */
    static OpHandler partwise(Function<NodeContext, List<Value>> handler) {
        return node -> {
            if (!node.hasComplexInput()) {
                return handler.apply(node).stream()
                        .<TranslatedTensor>map(RealValue::new)
                        .toList();
            }
            List<Value> re = handler.apply(node.realPart());
            List<Value> im = handler.apply(node.imaginaryPart());
            List<TranslatedTensor> pairs = new ArrayList<>(re.size());
            for (int i = 0; i < re.size(); i++) {
                pairs.add(new ComplexValue(re.get(i), im.get(i)));
            }
            return pairs;
        };
    }
}
