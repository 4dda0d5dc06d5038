package io.portolan.converter.stablehlo;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.programs.stablehlo.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * The translation of a StableHLO value. StableHLO never broadcasts implicitly, so its programs broadcast scalars and vectors before
 * nearly every elementwise operation; ONNX broadcasts by itself. Hence a tensor is kept <em>compact</em>, without the axes along which it
 * is only repeated, for as long as its users are elementwise; the others take it in {@linkplain #full full} size.
 *
 * @param type the type in the program
 * @param compact a tensor that broadcasts to the type, by ONNX's rules
 * @param shape the sizes as a vector of integers, if the tensor is repeated along an axis whose size is known only at run time
 */
public record LoweredTensor(TensorType type, TranslatedTensor compact, Optional<Value> shape) {
    /** A tensor in full size. */
    public static LoweredTensor of(TensorType type, TranslatedTensor full) {
        return new LoweredTensor(type, full, Optional.empty());
    }

    /** A real tensor in full size. */
    public static LoweredTensor of(TensorType type, Value full) {
        return of(type, new RealValue(full));
    }

    /** A tensor that is possibly repeated. */
    public static LoweredTensor repeated(TensorType type, TranslatedTensor compact) {
        return new LoweredTensor(type, compact, Optional.empty());
    }

    /** Whether it is complex. */
    public boolean isComplex() {
        return compact instanceof ComplexValue;
    }

    /** Whether a compact part is smaller than the tensor. */
    private boolean isRepeated(Value part) {
        int missing = type.rank() - part.rank();
        for (int axis = 0; axis < type.rank(); axis++) {
            Dim held = axis < missing ? Dim.ONE : part.shape().dim(axis - missing);
            if (held.is(1) && type.dim(axis) != 1) {
                return true;
            }
        }
        return missing > 0;
    }

    /** The tensor in full size. */
    public TranslatedTensor full(GraphBuilder b) {
        return compact.of(
                compact.parts().stream().map(part -> expanded(part, b)).toList());
    }

    private Value expanded(Value part, GraphBuilder b) {
        if (!isRepeated(part)) {
            return part;
        }
        if (type.isStatic()) {
            if (type.count() == 0) {
                // ONNX Runtime's Expand keeps axes of size 1 that should become 0.
                return b.constant(TensorData.ofDoubles(part.element(), new double[0], sizes()));
            }
            if (type.count() == part.shape().elements().size().orElse(-1)) {
                return b.reshape(part, sizes());
            }
            return b.expand(part, b.longs(type.dims()));
        }
        Value sizes = shape.or(() -> fullPart().map(b::shapeOf))
                .orElseThrow(
                        () -> new IllegalArgumentException("the size of " + type + " is not known where it is needed"));
        return b.expand(part, sizes);
    }

    private Optional<Value> fullPart() {
        return compact.parts().stream().filter(part -> !isRepeated(part)).findFirst();
    }

    private long[] sizes() {
        return Shapes.array(type.dims());
    }

    /** The sizes as a vector of integers: constants where they are known. */
    public Value shape(GraphBuilder b) {
        if (type.isStatic()) {
            return b.longs(type.dims());
        }
        return shape.orElseGet(() -> b.shapeOf(fullPart().orElse(compact.parts().get(0))));
    }

    /** The same elements under another type of the same rank. */
    public LoweredTensor withCompact(TensorType other, List<Value> parts) {
        return new LoweredTensor(other, compact.of(parts), shape);
    }
}
