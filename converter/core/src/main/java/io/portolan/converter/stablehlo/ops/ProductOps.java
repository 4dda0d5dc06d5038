package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.ComplexArithmetic;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.stablehlo.ElementTypes;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Matrix products over any axes. */
final class ProductOps {
    private static final Set<OnnxType> NARROW =
            EnumSet.of(OnnxType.BOOL, OnnxType.INT8, OnnxType.UINT8, OnnxType.INT16, OnnxType.UINT16);

    static final List<OpLowering> OPS = List.of(
            op("stablehlo.dot_general", "MatMul, with Transpose and Reshape where axes are not in place")
                    .single(in -> dot(
                            in,
                            new Axes(
                                    in.op().integers("lhs_batching_dimensions"),
                                    in.op().integers("lhs_contracting_dimensions")),
                            new Axes(
                                    in.op().integers("rhs_batching_dimensions"),
                                    in.op().integers("rhs_contracting_dimensions")))),
            op("stablehlo.dot", "MatMul")
                    .single(in -> dot(
                            in,
                            new Axes(List.of(), List.of(in.type(0).rank() - 1L)),
                            new Axes(List.of(), List.of(0L)))));

    private ProductOps() {}

    /** The axes of one factor that are not free. */
    private record Axes(List<Long> batch, List<Long> contracted) {
        List<Long> free(Value x) {
            return AxisGroups.others(x.rank(), batch, contracted);
        }
    }

    private static LoweredTensor dot(OpContext in, Axes left, Axes right) {
        GraphBuilder b = in.b();
        OnnxType type = ElementTypes.computed(in.resultType().element());
        if (in.hasComplex()) {
            ComplexValue x = complex(in, 0);
            ComplexValue y = complex(in, 1);
            return in.result(ComplexArithmetic.bilinear(b, (p, q) -> product(b, p, q, left, right), x, y));
        }
        OnnxType wide = NARROW.contains(type) ? OnnxType.INT32 : type;
        Value product = product(b, b.cast(in.real(0), wide), b.cast(in.real(1), wide), left, right);
        return in.result(b.cast(product, type));
    }

    private static ComplexValue complex(OpContext in, int operand) {
        if (in.operand(operand).isComplex()) {
            return in.complex(operand);
        }
        Value re = in.real(operand);
        return new ComplexValue(re, in.b().expand(in.b().like(re, 0), in.b().shapeOf(re)));
    }

    private static Value product(GraphBuilder b, Value x, Value y, Axes left, Axes right) {
        List<Long> rows = left.free(x);
        List<Long> columns = right.free(y);
        boolean isPlain = left.batch().isEmpty()
                && left.contracted().size() == 1
                && left.contracted().get(0) == x.rank() - 1
                && x.rank() >= 2
                && y.rank() == 2;
        if (isPlain) {
            // MatMul takes any number of rows.
            return b.matMul(x, AxisGroups.merged(b, y, List.of(right.contracted(), columns)));
        }
        Value first = AxisGroups.merged(b, x, grouped(left.batch(), rows, left.contracted()));
        Value second = AxisGroups.merged(b, y, grouped(right.batch(), right.contracted(), columns));
        Value product = b.matMul(first, second);
        if (rows.size() == 1 && columns.size() == 1) {
            return product;
        }
        List<Value> sizes = new ArrayList<>();
        left.batch().forEach(axis -> sizes.add(Shapes.size(b, x, axis.intValue())));
        rows.forEach(axis -> sizes.add(Shapes.size(b, x, axis.intValue())));
        columns.forEach(axis -> sizes.add(Shapes.size(b, y, axis.intValue())));
        return sizes.isEmpty() ? b.reshape(product) : Shapes.reshape(b, product, sizes);
    }

    private static List<List<Long>> grouped(List<Long> batch, List<Long> second, List<Long> third) {
        List<List<Long>> groups = new ArrayList<>();
        batch.forEach(axis -> groups.add(List.of(axis)));
        groups.add(second);
        groups.add(third);
        return groups;
    }
}
