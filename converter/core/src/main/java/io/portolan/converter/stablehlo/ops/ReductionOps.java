package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.lowering.Shapes.array;
import static io.portolan.converter.stablehlo.OpLowering.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.stablehlo.ElementTypes;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.TensorType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reductions along axes. */
final class ReductionOps {
    private static final Map<String, StandardOp> OPERATORS = Map.of(
            "add", StandardOp.REDUCE_SUM,
            "multiply", StandardOp.REDUCE_PROD,
            "maximum", StandardOp.REDUCE_MAX,
            "minimum", StandardOp.REDUCE_MIN,
            "or", StandardOp.REDUCE_MAX,
            "and", StandardOp.REDUCE_MIN);

    /** The types that ONNX Runtime has kernels for in every reduction. */
    private static final Set<OnnxType> REDUCED =
            EnumSet.of(OnnxType.FLOAT, OnnxType.DOUBLE, OnnxType.INT32, OnnxType.INT64);

    static final List<OpLowering> OPS = List.of(op(
                    "stablehlo.reduce",
                    "ReduceSum, ReduceProd, ReduceMax, ReduceMin, ArgMax, ArgMin; for other functions Slice and the function")
            .as(ReductionOps::reduce));

    private ReductionOps() {}

    private static List<LoweredTensor> reduce(OpContext in) {
        Reducer reducer = new Reducer(in, in.op().region(0));
        List<Long> axes = in.op().integers("dimensions");
        Optional<StandardOp> operator =
                reducer.single().map(OPERATORS::get).filter(found -> isDirect(in, found, reducer));
        if (operator.isPresent()) {
            return List.of(direct(in, operator.get(), axes));
        }
        Optional<List<LoweredTensor>> index = argument(in, reducer, axes);
        return index.orElseGet(() -> byHalves(in, reducer, axes));
    }

    private static boolean isDirect(OpContext in, StandardOp operator, Reducer reducer) {
        String name = reducer.single().orElseThrow();
        boolean isBitwise = (name.equals("or") || name.equals("and"))
                && in.type(0).element().isInteger();
        return !isBitwise && (!in.hasComplex() || operator == StandardOp.REDUCE_SUM);
    }

    private static LoweredTensor direct(OpContext in, StandardOp operator, List<Long> axes) {
        GraphBuilder b = in.b();
        TranslatedTensor x = in.operand(0).full(b);
        List<Value> parts = new ArrayList<>();
        for (int i = 0; i < x.parts().size(); i++) {
            Value reduced = reduced(b, operator, x.parts().get(i), axes);
            Value initial = in.operand(1).full(b).parts().get(i);
            parts.add(isNeutral(operator, initial) ? reduced : combined(b, operator, reduced, initial));
        }
        return in.result(x.of(parts));
    }

    /** Reduces a tensor of any type. */
    static Value reduced(GraphBuilder b, StandardOp operator, Value x, List<Long> axes) {
        if (axes.isEmpty()) {
            return x;
        }
        OnnxType type = x.element();
        if (type == OnnxType.BOOL) {
            StandardOp logical = operator == StandardOp.REDUCE_SUM
                    ? StandardOp.REDUCE_MAX
                    : operator == StandardOp.REDUCE_PROD ? StandardOp.REDUCE_MIN : operator;
            return b.cast(b.reduce(logical, b.cast(x, OnnxType.INT32), false, array(axes)), OnnxType.BOOL);
        }
        if (REDUCED.contains(type)) {
            Value reduced = b.reduce(operator, x, false, array(axes));
            boolean dropsNan = type.isFloating() && isOrdered(operator);
            return dropsNan ? b.add(reduced, nan(b, x, axes)) : reduced;
        }
        OnnxType wide = type.isFloating()
                ? OnnxType.FLOAT
                : type == OnnxType.UINT32 || type == OnnxType.UINT64 ? OnnxType.INT64 : OnnxType.INT32;
        if (type == OnnxType.UINT64 && isOrdered(operator)) {
            throw new IllegalArgumentException("maxima and minima of ui64 are not supported");
        }
        return b.cast(b.reduce(operator, b.cast(x, wide), false, array(axes)), type);
    }

    private static boolean isOrdered(StandardOp operator) {
        return operator == StandardOp.REDUCE_MAX || operator == StandardOp.REDUCE_MIN;
    }

    /** NaN where one of the elements is NaN, which ONNX Runtime's maxima and minima ignore, and 0 elsewhere. */
    private static Value nan(GraphBuilder b, Value x, List<Long> axes) {
        Value zeros = b.apply(StandardOp.CLIP, x, b.like(x, 0), b.like(x, 0));
        return b.reduce(StandardOp.REDUCE_SUM, zeros, false, array(axes));
    }

    private static boolean isNeutral(StandardOp operator, Value initial) {
        OnnxType type = initial.element();
        Optional<Double> number =
                initial.data().filter(data -> data.size() == 1).map(data -> data.doubleAt(0));
        if (number.isEmpty()) {
            return false;
        }
        double lowest = type.isFloating()
                ? Double.NEGATIVE_INFINITY
                : type == OnnxType.BOOL || type.isUnsigned() ? 0 : -Math.scalb(1.0, 8 * type.bytes() - 1);
        double highest = type.isFloating()
                ? Double.POSITIVE_INFINITY
                : type == OnnxType.BOOL ? 1 : Math.scalb(1.0, 8 * type.bytes() - (type.isUnsigned() ? 0 : 1)) - 1;
        return number.get()
                == switch (operator) {
                    case REDUCE_SUM -> 0;
                    case REDUCE_PROD -> 1;
                    case REDUCE_MAX -> lowest;
                    default -> highest;
                };
    }

    private static Value combined(GraphBuilder b, StandardOp operator, Value x, Value y) {
        boolean isTruth = x.element() == OnnxType.BOOL;
        return switch (operator) {
            case REDUCE_SUM -> isTruth ? Numbers.or(b, x, y) : b.add(x, y);
            case REDUCE_PROD -> isTruth ? Numbers.and(b, x, y) : b.mul(x, y);
            case REDUCE_MAX -> Numbers.max(b, x, y);
            default -> Numbers.min(b, x, y);
        };
    }

    /** JAX's argmax and argmin: a reduction of numbers with their indices, where the first NaN wins. */
    private static Optional<List<LoweredTensor>> argument(OpContext in, Reducer reducer, List<Long> axes) {
        boolean isIndexed = in.operands().size() == 4
                && axes.size() == 1
                && !in.operand(0).isComplex()
                && in.producer(in.op().operand(1)).filter(ReductionOps::isIota).isPresent()
                && reducer.comparesFirst().isPresent()
                && reducer.uses("stablehlo.select");
        if (!isIndexed || isUsed(in, 0)) {
            return Optional.empty();
        }
        GraphBuilder b = in.b();
        boolean isMaximum = reducer.comparesFirst().get().equals("GT");
        Value x = in.real(0);
        if (x.element().isFloating()) {
            Value best = b.like(x, isMaximum ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY);
            x = b.where(Numbers.isNan(b, x), best, x);
        } else if (!REDUCED.contains(x.element())) {
            x = b.cast(x, OnnxType.INT32);
        }
        Value index = b.apply(
                isMaximum ? StandardOp.ARG_MAX : StandardOp.ARG_MIN,
                Attributes.of("axis", axes.get(0)).with("keepdims", 0),
                x);
        OnnxType type = ElementTypes.computed(in.resultType(1).element());
        LoweredTensor indices = LoweredTensor.of(in.resultType(1), b.cast(index, type));
        // The number at the index is not used.
        LoweredTensor unused = LoweredTensor.repeated(in.resultType(0), new RealValue(b.like(x, 0)));
        return Optional.of(List.of(unused, indices));
    }

    private static boolean isIota(Operation operation) {
        return operation.name().equals("stablehlo.iota") || operation.name().equals("stablehlo.dynamic_iota");
    }

    private static boolean isUsed(OpContext in, int result) {
        return in.isUsed(in.op().results().get(result));
    }

    /** Any function: the two halves of the axes are combined element by element, until one is left. */
    private static List<LoweredTensor> byHalves(OpContext in, Reducer reducer, List<Long> axes) {
        GraphBuilder b = in.b();
        int arity = reducer.arity();
        List<LoweredTensor> tuple = new ArrayList<>();
        List<Long> others = AxisGroups.others(in.type(0).rank(), axes);
        for (int i = 0; i < arity; i++) {
            TranslatedTensor x = in.operand(i).full(b);
            List<List<Long>> groups = new ArrayList<>();
            groups.add(axes);
            others.forEach(axis -> groups.add(List.of(axis)));
            List<Value> parts = x.parts().stream()
                    .map(part -> AxisGroups.merged(b, part, groups))
                    .toList();
            tuple.add(LoweredTensor.of(in.type(i), x.of(parts)));
        }
        long size = Shapes.known(tuple.get(0).compact().parts().get(0), 0);
        List<LoweredTensor> initial = new ArrayList<>();
        for (int i = 0; i < arity; i++) {
            initial.add(in.operand(arity + i));
        }
        if (size == 0) {
            List<LoweredTensor> results = new ArrayList<>();
            for (int i = 0; i < arity; i++) {
                results.add(
                        LoweredTensor.repeated(in.resultType(i), initial.get(i).compact()));
            }
            return results;
        }
        while (size > 1) {
            long half = size / 2;
            List<LoweredTensor> left = sliced(b, tuple, 0, half);
            List<LoweredTensor> combined = reducer.apply(b, left, sliced(b, tuple, half, 2 * half));
            tuple = size % 2 == 0 ? combined : joined(b, combined, sliced(b, tuple, 2 * half, size));
            size = half + size % 2;
        }
        List<LoweredTensor> results = reducer.apply(b, initial, tuple);
        List<LoweredTensor> squeezed = new ArrayList<>();
        for (int i = 0; i < arity; i++) {
            TensorType type = in.resultType(i);
            TranslatedTensor last = results.get(i).compact();
            squeezed.add(LoweredTensor.of(
                    type,
                    last.of(last.parts().stream()
                            .map(part -> b.squeeze(part, 0))
                            .toList())));
        }
        return squeezed;
    }

    private static List<LoweredTensor> sliced(GraphBuilder b, List<LoweredTensor> tuple, long from, long to) {
        return tuple.stream()
                .map(tensor -> tensor.withCompact(
                        tensor.type(),
                        tensor.compact().parts().stream()
                                .map(part -> b.slice(part, List.of(0L), List.of(new SliceRange(from, to, 1))))
                                .toList()))
                .toList();
    }

    private static List<LoweredTensor> joined(GraphBuilder b, List<LoweredTensor> one, List<LoweredTensor> other) {
        List<LoweredTensor> joined = new ArrayList<>();
        for (int i = 0; i < one.size(); i++) {
            List<Value> parts = new ArrayList<>();
            for (int part = 0; part < one.get(i).compact().parts().size(); part++) {
                parts.add(b.concat(
                        0,
                        one.get(i).compact().parts().get(part),
                        other.get(i).compact().parts().get(part)));
            }
            joined.add(one.get(i).withCompact(one.get(i).type(), parts));
        }
        return joined;
    }
}
