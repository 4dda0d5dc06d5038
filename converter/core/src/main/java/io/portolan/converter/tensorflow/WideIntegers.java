package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Integers of types for which runtimes have few kernels, computed in a wider signed type. A sum or product there has the lower bits that it has
 * in its own type, and comparisons are those of the same numbers, unless they have 64 bits.
 */
final class WideIntegers {
    private static final Map<OnnxType, OnnxType> WIDER = new EnumMap<>(Map.of(
            OnnxType.UINT8, OnnxType.INT32,
            OnnxType.INT8, OnnxType.INT32,
            OnnxType.UINT16, OnnxType.INT32,
            OnnxType.INT16, OnnxType.INT32,
            OnnxType.UINT32, OnnxType.INT64,
            OnnxType.UINT64, OnnxType.INT64));

    private WideIntegers() {}

    /** A handler that gets inputs of such a type in the wider one; its results of the wider type become those of the narrow one again. */
    static OpHandler handler(OpHandler handler) {
        return node -> {
            Optional<OnnxType> found = IntStream.range(0, node.inputCount())
                    .mapToObj(node::imported)
                    .flatMap(input -> input instanceof RealValue real
                            ? Stream.of(real.value().element())
                            : Stream.empty())
                    .filter(WIDER::containsKey)
                    .findFirst();
            if (found.isEmpty()) {
                return handler.convert(node);
            }
            OnnxType narrow = found.get();
            OnnxType wide = WIDER.get(narrow);
            GraphBuilder b = node.builder();
            return handler
                    .convert(node.withReals(input -> input.element() == narrow ? b.cast(input, wide) : input))
                    .stream()
                    .map(result -> wrapped(b, result, wide, narrow))
                    .toList();
        };
    }

    private static TranslatedTensor wrapped(GraphBuilder b, TranslatedTensor result, OnnxType wide, OnnxType narrow) {
        return result instanceof RealValue real && real.value().element() == wide
                ? new RealValue(b.cast(real.value(), narrow))
                : result;
    }
}
