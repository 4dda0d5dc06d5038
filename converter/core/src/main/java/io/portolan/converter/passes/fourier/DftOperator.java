package io.portolan.converter.passes.fourier;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import java.util.List;

/**
 * Builds Fourier transforms along one axis of any size with ONNX's operator.
 *
 * @param b appends the nodes
 * @param inDoubles whether floats are transformed as doubles: for numbers of points that are not powers of two, ONNX Runtime's
 *     operator loses up to 10 bits
 */
record DftOperator(GraphBuilder b, boolean inDoubles) {
    /** The complex transform. */
    ComplexParts transformed(ComplexParts x, int axis, boolean isInverse) {
        // The operator requires a leading batch axis.
        boolean isVector = x.rank() == 1;
        ComplexParts batched = isVector ? x.map(part -> b.unsqueeze(part, 0)) : x;
        int rank = batched.rank();
        int transformed = isVector ? 1 : axis;
        // In doubles the inverse is the transform with the parts exchanged, over the number of points: ONNX Runtime
        // divides in floats.
        boolean isExchanged = isInverse && inDoubles;
        ComplexParts given = isExchanged ? batched.exchanged() : batched;
        Value points = b.concat(rank, b.unsqueeze(given.re(), rank), b.unsqueeze(given.im(), rank));
        Attributes attributes = Attributes.of("inverse", isInverse && !isExchanged ? 1 : 0);
        Value result = applied(attributes, points, transformed);
        ComplexParts spectrum = isExchanged
                ? parts(overCount(result, points, transformed), x.re().element())
                        .exchanged()
                : parts(result, x.re().element());
        return isVector ? spectrum.map(part -> b.squeeze(part, 0)) : spectrum;
    }

    /** The transform of real points along the last axis, without the half of the spectrum that mirrors the other. */
    ComplexParts halfSpectrum(Value x) {
        boolean isVector = x.rank() == 1;
        Value batched = isVector ? b.unsqueeze(x, 0) : x;
        int rank = batched.rank();
        Value result = applied(Attributes.of("onesided", 1), b.unsqueeze(batched, rank), rank - 1);
        ComplexParts spectrum = parts(result, x.element());
        return isVector ? spectrum.map(part -> b.squeeze(part, 0)) : spectrum;
    }

    private Value applied(Attributes attributes, Value points, int axis) {
        return b.apply(
                StandardOp.DFT,
                attributes,
                inDoubles ? b.cast(points, OnnxType.DOUBLE) : points,
                b.squeeze(Shapes.size(b, points, axis), 0),
                b.constant(TensorData.scalar(OnnxType.INT64, axis)));
    }

    private Value overCount(Value result, Value points, int axis) {
        return b.div(result, b.cast(Shapes.size(b, points, axis), result.element()));
    }

    private ComplexParts parts(Value result, OnnxType type) {
        int last = result.rank() - 1;
        List<Value> halves = b.split(b.cast(result, type), last, List.of(1L, 1L));
        return new ComplexParts(b.squeeze(halves.get(0), last), b.squeeze(halves.get(1), last));
    }
}
