package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.exact;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.stablehlo.ElementTypes;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import io.portolan.programs.stablehlo.Attribute;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Sorts along an axis, by one key or several. As in XLA, NaN is greater than all numbers, and of every NaN the sign is ignored. */
final class SortOps {
    private static final Set<OnnxType> RANKED =
            EnumSet.of(OnnxType.FLOAT, OnnxType.DOUBLE, OnnxType.INT32, OnnxType.INT64);

    static final List<OpLowering> OPS = List.of(
            exact("stablehlo.sort", "TopK, GatherElements")
                    .except("other orders than by keys")
                    .as(SortOps::sort),
            exact("chlo.top_k", "TopK").as(in -> topK(in, count(in))));

    /** What infinity becomes: more than any float32. */
    private static final double ABOVE_FLOATS = 1e300;

    private SortOps() {}

    private static List<LoweredTensor> sort(OpContext in) {
        GraphBuilder b = in.b();
        int rank = in.type(0).rank();
        long dimension = in.op().integer("dimension", -1);
        int axis = (int) (dimension < 0 ? dimension + rank : dimension);
        List<Comparator.Key> keys = new Comparator(in.op().region(0)).keys();
        Value order = null;
        for (int i = keys.size() - 1; i >= 0; i--) {
            Value key = key(in, keys.get(i));
            Value seen = order == null ? key : gathered(b, key, order, axis);
            Value ranks = ranked(b, seen, axis, keys.get(i).isDescending()).get(1);
            order = order == null ? ranks : gathered(b, order, ranks, axis);
        }
        List<LoweredTensor> results = new ArrayList<>();
        for (int i = 0; i < in.operands().size(); i++) {
            TranslatedTensor x = in.operand(i).full(b);
            List<Value> sorted = new ArrayList<>();
            for (Value part : x.parts()) {
                sorted.add(isIota(in, i, axis) ? b.cast(order, part.element()) : gathered(b, part, order, axis));
            }
            results.add(LoweredTensor.of(in.resultType(i), x.of(sorted)));
        }
        return results;
    }

    private static Value key(OpContext in, Comparator.Key key) {
        List<Value> parts = in.operand(key.operand()).full(in.b()).parts();
        return parts.get(key.isImaginary() ? 1 : 0);
    }

    private static boolean isIota(OpContext in, int operand, int axis) {
        return in.producer(in.op().operand(operand))
                .filter(operation ->
                        operation.name().equals("stablehlo.iota") && operation.integer("iota_dimension") == axis)
                .isPresent();
    }

    private static Value gathered(GraphBuilder b, Value x, Value order, int axis) {
        return b.apply(StandardOp.GATHER_ELEMENTS, Attributes.of("axis", axis), x, order);
    }

    /** All elements along an axis in order, equal ones in their former order, and their indices. */
    private static List<Value> ranked(GraphBuilder b, Value x, int axis, boolean isDescending) {
        return ranked(b, x, axis, isDescending, Shapes.size(b, x, axis));
    }

    private static List<Value> ranked(GraphBuilder b, Value x, int axis, boolean isDescending, Value count) {
        OnnxType type = x.element();
        if (type == OnnxType.UINT64) {
            throw new IllegalArgumentException("an order of ui64 is not supported");
        }
        OnnxType wide = RANKED.contains(type)
                ? type
                : type.isFloating() ? OnnxType.FLOAT : type == OnnxType.UINT32 ? OnnxType.INT64 : OnnxType.INT32;
        Value key = b.cast(x, wide);
        Attributes attributes = Attributes.of("axis", axis)
                .with("largest", isDescending ? 1 : 0)
                .with("sorted", 1);
        List<Value> ranked = b.node(StandardOp.TOP_K, attributes, type.isFloating() ? withoutNan(b, key) : key, count);
        Value order = ranked.get(1);
        return List.of(type.isFloating() ? gathered(b, x, order, axis) : b.cast(ranked.get(0), type), order);
    }

    /**
     * Keys in the order of floats. TopK compares, and a NaN among its elements leaves all of them in no order; on CUDA infinities may
     * get lost behind its padding. In float64 there is a place for both above the numbers of narrower floats; infinity and NaN of float64
     * itself are equal.
     */
    private static Value withoutNan(GraphBuilder b, Value x) {
        Value wide = b.cast(x, OnnxType.DOUBLE);
        if (x.element() == OnnxType.DOUBLE) {
            return b.apply(StandardOp.WHERE, Numbers.isNan(b, x), b.like(wide, Double.POSITIVE_INFINITY), wide);
        }
        Value numbers = b.apply(StandardOp.CLIP, wide, b.like(wide, -ABOVE_FLOATS), b.like(wide, ABOVE_FLOATS));
        return b.apply(StandardOp.WHERE, Numbers.isNan(b, x), b.like(wide, 2 * ABOVE_FLOATS), numbers);
    }

    private static long count(OpContext in) {
        Attribute attributes = in.op().attributes().get("composite_attributes");
        Attribute k = attributes instanceof Attribute.Entries entries
                ? entries.byName().get("k")
                : in.op().attributes().get("k");
        if (k instanceof Attribute.Int number) {
            return number.value();
        }
        throw new IllegalArgumentException("expected an integer k");
    }

    /** The largest elements along the last axis, and their indices. */
    static List<LoweredTensor> topK(OpContext in, long count) {
        return topK(in, in.b().longs(count));
    }

    static List<LoweredTensor> topK(OpContext in, Value count) {
        GraphBuilder b = in.b();
        List<Value> best = ranked(b, in.real(0), in.type(0).rank() - 1, true, count);
        return List.of(
                LoweredTensor.of(in.resultType(0), best.get(0)),
                LoweredTensor.of(
                        in.resultType(1),
                        b.cast(
                                best.get(1),
                                ElementTypes.computed(in.resultType(1).element()))));
    }
}
