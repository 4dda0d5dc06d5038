package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.exact;
import static io.portolan.converter.stablehlo.OpLowering.op;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.Value;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Calls of named functions of the compiler that need no code of their own: hints, checks, and operations of open sizes. */
final class CustomCallOps {
    private static final String CALL = "stablehlo.custom_call @";

    static final List<OpLowering> OPS = List.of(
            exact(CALL + "shape_assertion", "nothing").as(in -> List.of()),
            exact(CALL + "Sharding", "nothing").as(OpContext::operands),
            exact(CALL + "SPMDFullToShardShape", "nothing").as(OpContext::operands),
            exact(CALL + "SPMDShardToFullShape", "nothing").as(OpContext::operands),
            exact(CALL + "annotate_device_placement", "nothing").as(OpContext::operands),
            exact(CALL + "LayoutConstraint", "nothing").as(OpContext::operands),
            exact(CALL + "stablehlo.dynamic_top_k", "TopK").as(in -> SortOps.topK(in, in.sizes(1))),
            exact(CALL + "mhlo.topk", "TopK").as(in -> SortOps.topK(in, attribute(in, "k"))),
            exact(CALL + "ApproxTopK", "TopK").as(CustomCallOps::approximateTopK),
            op(CALL + "stablehlo.dynamic_reduce_window", "MaxPool, AveragePool, CumSum")
                    .except("windows of open sizes, but for cumulative operations")
                    .as(CustomCallOps::dynamicReduceWindow));

    private CustomCallOps() {}

    private static long attribute(OpContext in, String name) {
        for (Attribute configuration : List.of(
                in.op().annotations().getOrDefault("mhlo.backend_config", new Attribute.Unit()),
                in.op().annotations().getOrDefault("mhlo.attributes", new Attribute.Unit()),
                in.op().attributes().getOrDefault("backend_config", new Attribute.Unit()))) {
            if (configuration instanceof Attribute.Entries entries
                    && entries.byName().get(name) instanceof Attribute.Int number) {
                return number.value();
            }
        }
        throw new IllegalArgumentException("expected an integer " + name + " in its configuration");
    }

    /** The exact answer is one of those allowed. */
    private static List<LoweredTensor> approximateTopK(OpContext in) {
        long axis = attribute(in, "reduction_dim");
        boolean isLast = axis == -1 || axis == in.type(0).rank() - 1;
        boolean isLargest = in.op().attributes().get("called_computations") instanceof Attribute.Items items
                && items.items().get(0) instanceof Attribute.Symbol symbol
                && symbol.name().contains("gt");
        if (!isLast || !isLargest) {
            throw new IllegalArgumentException("only the largest elements along the last axis are supported");
        }
        return SortOps.topK(in, attribute(in, "top_k"));
    }

    private static List<LoweredTensor> dynamicReduceWindow(OpContext in) {
        int rank = in.type(0).rank();
        Value x = in.real(0);
        List<Dim> sizes = dims(in, 2);
        List<Long> strides = known(in, 3, rank);
        List<Long> baseDilations = known(in, 4, rank);
        List<Long> dilations = known(in, 5, rank);
        List<Integer> open = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            if (!sizes.get(axis).isKnown()) {
                open.add(axis);
            }
        }
        Block function = in.function(
                ((Attribute.Symbol) ((Attribute.Items) in.op().attributes().get("called_computations"))
                                .items()
                                .get(0))
                        .name());
        Reducer reducer = new Reducer(in, function);
        if (open.isEmpty()) {
            return fixed(in, function, sizes, strides, baseDilations, dilations);
        }
        boolean isCumulative = open.size() == 1
                && sizes.get(open.get(0)).sameAs(x.shape().dim(open.get(0)))
                && reducer.single().filter("add"::equals).isPresent();
        if (!isCumulative) {
            throw new IllegalArgumentException("a window of an open size is only supported for cumulative sums");
        }
        int axis = open.get(0);
        boolean startsBefore = padding(in, axis, 1) == 0;
        boolean endsBehind = padding(in, axis, 0) == 0;
        if (startsBefore == endsBehind) {
            throw new IllegalArgumentException("the padding of the window is not known");
        }
        return List.of(in.result(WindowOps.cumulativeSum(in.b(), x, axis, endsBehind)));
    }

    /** A window whose sizes turn out fixed, over a tensor whose sizes are open. */
    private static List<LoweredTensor> fixed(
            OpContext in,
            Block function,
            List<Dim> sizes,
            List<Long> strides,
            List<Long> baseDilations,
            List<Long> dilations) {
        int rank = in.type(0).rank();
        List<Long> low = new ArrayList<>();
        List<Long> high = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            low.add(padding(in, axis, 0));
            high.add(padding(in, axis, 1));
        }
        if (low.contains(-1L) || high.contains(-1L)) {
            throw new IllegalArgumentException("the padding of the window is not known");
        }
        Window window =
                new Window(sizes.stream().map(Dim::coefficient).toList(), strides, baseDilations, dilations, low, high);
        return WindowOps.reduceWindow(in, window, new Reducer(in, function));
    }

    /** A padding that is known before the program runs; -1 if it is not. */
    private static long padding(OpContext in, int axis, int side) {
        OptionalLong known = KnownElements.at(in, in.op().operand(6), 2L * axis + side);
        return known.orElse(-1);
    }

    private static List<Dim> dims(OpContext in, int operand) {
        return in.sizes(operand)
                .contents()
                .orElseThrow(() -> new IllegalArgumentException("the sizes of the window are not known"));
    }

    private static List<Long> known(OpContext in, int operand, int rank) {
        List<Dim> dims = dims(in, operand);
        if (dims.size() != rank || !dims.stream().allMatch(Dim::isKnown)) {
            throw new IllegalArgumentException("strides and dilations of the window are not known");
        }
        return dims.stream().map(Dim::coefficient).toList();
    }
}
