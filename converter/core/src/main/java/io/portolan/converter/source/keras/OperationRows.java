package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.source.keras.LayerTable.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Operations of {@code keras.ops} between layers, which functional models of Keras 3 have as nodes of their own. */
final class OperationRows {
    static final List<Row> ROWS = new ArrayList<>();

    private static final Map<String, String> UNARY = Map.ofEntries(
            Map.entry("Negative", "Neg"),
            Map.entry("Absolute", "Abs"),
            Map.entry("Abs", "Abs"),
            Map.entry("Square", "Square"),
            Map.entry("Floor", "Floor"),
            Map.entry("Ceil", "Ceil"),
            Map.entry("Sign", "Sign"),
            Map.entry("LogicalNot", "LogicalNot"),
            Map.entry("Isnan", "IsNan"),
            Map.entry("Isinf", "IsInf"),
            Map.entry("Isfinite", "IsFinite"));

    /** Ops that make floats of integers first. */
    private static final Map<String, String> REAL = Map.ofEntries(
            Map.entry("Exp", "Exp"),
            Map.entry("Expm1", "Expm1"),
            Map.entry("Log", "Log"),
            Map.entry("Log1p", "Log1p"),
            Map.entry("Sqrt", "Sqrt"),
            Map.entry("Rsqrt", "Rsqrt"),
            Map.entry("Sin", "Sin"),
            Map.entry("Cos", "Cos"),
            Map.entry("Tan", "Tan"),
            Map.entry("Arctan", "Atan"),
            Map.entry("Arcsin", "Asin"),
            Map.entry("Arccos", "Acos"),
            Map.entry("Sinh", "Sinh"),
            Map.entry("Cosh", "Cosh"),
            Map.entry("Arcsinh", "Asinh"),
            Map.entry("Arccosh", "Acosh"),
            Map.entry("Arctanh", "Atanh"),
            Map.entry("Erf", "Erf"),
            Map.entry("Reciprocal", "Reciprocal"));

    /** Operations that are activations with their default options. */
    private static final Map<String, String> ACTIVATIONS = Map.ofEntries(
            Map.entry("Relu", "relu"),
            Map.entry("Relu6", "relu6"),
            Map.entry("Sigmoid", "sigmoid"),
            Map.entry("Tanh", "tanh"),
            Map.entry("Silu", "silu"),
            Map.entry("Softplus", "softplus"),
            Map.entry("Softsign", "softsign"),
            Map.entry("Selu", "selu"),
            Map.entry("HardSigmoid", "hard_sigmoid"),
            Map.entry("HardSilu", "hard_silu"),
            Map.entry("HardTanh", "hard_tanh"),
            Map.entry("LogSigmoid", "log_sigmoid"));

    private static final Map<String, String> BINARY = Map.ofEntries(
            Map.entry("Add", "AddV2"),
            Map.entry("Subtract", "Sub"),
            Map.entry("Multiply", "Mul"),
            Map.entry("Maximum", "Maximum"),
            Map.entry("Minimum", "Minimum"),
            Map.entry("Power", "Pow"),
            Map.entry("Mod", "FloorMod"),
            Map.entry("FloorDivide", "FloorDiv"),
            Map.entry("Equal", "Equal"),
            Map.entry("NotEqual", "NotEqual"),
            Map.entry("Greater", "Greater"),
            Map.entry("GreaterEqual", "GreaterEqual"),
            Map.entry("Less", "Less"),
            Map.entry("LessEqual", "LessEqual"));

    private static final Map<String, String> LOGICAL = Map.of("LogicalAnd", "LogicalAnd", "LogicalOr", "LogicalOr");

    private static final Map<String, String> REDUCTIONS = Map.of(
            "Sum", "Sum", "Mean", "Mean", "Max", "Max", "Min", "Min", "Prod", "Prod", "Any", "Any", "All", "All");

    static {
        UNARY.forEach((name, op) -> row(name, (call, x) -> call.tf().op(op, x)));
        REAL.forEach((name, op) -> row(name, (call, x) -> call.tf().op(op, real(call.tf(), x))));
        ACTIVATIONS.forEach((name, kind) -> row(name, (call, x) -> Activations.apply(call, kind, x)));
        BINARY.forEach((name, op) -> binary(name, (call, x) -> call.tf().op(op, x.get(0), x.get(1))));
        binary("Arctan2", (call, x) -> call.tf().op("Atan2", real(call.tf(), x.get(0)), real(call.tf(), x.get(1))));
        binary(
                "LogicalXor",
                (call, x) -> call.tf()
                        .op(
                                "NotEqual",
                                call.tf().cast(x.get(0), DataType.DT_BOOL),
                                call.tf().cast(x.get(1), DataType.DT_BOOL)));
        binary("TrueDivide", OperationRows::quotient);
        binary("Divide", OperationRows::quotient);
        binary("Matmul", (call, x) -> call.tf().op("BatchMatMulV2", x.get(0), x.get(1)));
        LOGICAL.forEach((name, op) -> binary(
                name,
                (call, x) -> call.tf()
                        .op(
                                op,
                                call.tf().cast(x.get(0), DataType.DT_BOOL),
                                call.tf().cast(x.get(1), DataType.DT_BOOL))));
        REDUCTIONS.forEach((name, op) -> row(name, (call, x) -> reduced(call, op, x)));
        row("Var", (call, x) -> variance(call, x));
        row("Std", (call, x) -> call.tf().op("Sqrt", variance(call, x)));
        row("Logsumexp", OperationRows::logSumExp);
        row("Norm", OperationRows::norm);
        row("Normalize", OperationRows::normalized);
        row("Argmax", (call, x) -> position(call, "ArgMax", x));
        row("Argmin", (call, x) -> position(call, "ArgMin", x));
        row("Gelu", (call, x) -> Activations.gelu(call.tf(), x, call.config().flag("approximate", true)));
        row(
                "LeakyRelu",
                (call, x) -> Activations.leaky(call.tf(), x, call.config().real("negative_slope", 0.2)));
        row(
                "Softmax",
                (call, x) -> Activations.softmax(
                        call.tf(), x, "Softmax", call.config().integer("axis", -1)));
        row(
                "LogSoftmax",
                (call, x) -> Activations.softmax(
                        call.tf(), x, "LogSoftmax", call.config().integer("axis", -1)));
        row("Clip", OperationRows::clipped);
        row("Elu", OperationRows::elu);
        row("Round", OperationRows::rounded);
        row("Cumsum", (call, x) -> cumulative(call, "Cumsum", x));
        row("Cumprod", (call, x) -> cumulative(call, "Cumprod", x));
        row("Pad", OperationRows::padded);
        row("Roll", OperationRows::rolled);
        row("Moveaxis", OperationRows::moved);
        row(
                "Cast",
                (call, x) -> call.tf().cast(x, LayerConfig.type(call.config().text("dtype", ""))));
        row("Reshape", OperationRows::reshaped);
        row("Transpose", OperationRows::transposed);
        row("Swapaxes", OperationRows::exchanged);
        row("ExpandDims", OperationRows::expanded);
        row("Squeeze", OperationRows::squeezed);
        row("Flip", (call, x) -> call.tf().op("ReverseV2", x, call.tf().ints(axes(call, x))));
        row(
                "Tile",
                (call, x) ->
                        call.tf().op("Tile", x, call.tf().ints(call.config().integers("repeats"))));
        row("BroadcastTo", OperationRows::broadcast);
        row("OneHot", OperationRows::oneHot);
        row("ZerosLike", (call, x) -> typed(call, call.tf().op("ZerosLike", x)));
        row("OnesLike", (call, x) -> typed(call, call.tf().op("OnesLike", x)));
        row("StopGradient", (call, x) -> x);
        ROWS.add(new Row(SavedLayer.OPERATION + "Where", false, OperationRows::where));
        ROWS.add(new Row(SavedLayer.OPERATION + "Concatenate", false, OperationRows::concatenated));
        ROWS.add(new Row(SavedLayer.OPERATION + "Stack", false, OperationRows::stacked));
        ROWS.add(new Row(SavedLayer.OPERATION + "Split", false, OperationRows::split));
        ROWS.add(new Row(SavedLayer.OPERATION + "Einsum", false, OperationRows::einsum));
        ROWS.add(new Row(SavedLayer.OPERATION + "GetItem", false, OperationRows::item));
        ROWS.add(new Row(SavedLayer.OPERATION + "Take", false, OperationRows::taken));
    }

    private OperationRows() {}

    private static void row(String name, BiFunction<LayerCall, Output<?>, Output<?>> writer) {
        ROWS.add(new Row(
                SavedLayer.OPERATION + name,
                false,
                call -> KerasTensor.of(writer.apply(call, call.input().tensor()))));
    }

    private static void binary(String name, BiFunction<LayerCall, List<Output<?>>, Output<?>> writer) {
        ROWS.add(new Row(
                SavedLayer.OPERATION + name, false, call -> KerasTensor.of(writer.apply(call, Operands.of(call, 2)))));
    }

    private static Output<?> real(GraphOps tf, Output<?> x) {
        return LayerCall.isFloat(x.dataType()) ? x : tf.cast(x, DataType.DT_FLOAT);
    }

    private static Output<?> quotient(LayerCall call, List<Output<?>> x) {
        return call.tf().div(real(call.tf(), x.get(0)), real(call.tf(), x.get(1)));
    }

    /** The axes that an option names; all if it is null. */
    private static long[] axes(LayerCall call, Output<?> x) {
        int rank = GraphOps.rank(x);
        if (!call.config().has("axis")) {
            call.config().ignore("axis");
            return LongStream.range(0, rank).toArray();
        }
        return call.config().integers("axis").stream()
                .mapToLong(axis -> GraphOps.axis(axis, rank))
                .toArray();
    }

    private static Output<?> reduced(LayerCall call, String op, Output<?> x) {
        call.config().require("initial", null);
        boolean isMean = op.equals("Mean");
        boolean isLogical = op.equals("Any") || op.equals("All");
        if (x.dataType() == DataType.DT_BOOL && !isLogical && !isMean) {
            throw new ConversionException("has truth values as its input; expected numbers");
        }
        Output<?> input = isMean ? real(call.tf(), x) : isLogical ? call.tf().cast(x, DataType.DT_BOOL) : x;
        return call.tf().reduce(op, input, call.config().flag("keepdims", false), axes(call, x));
    }

    private static Output<?> variance(LayerCall call, Output<?> x) {
        GraphOps tf = call.tf();
        Output<?> centred = tf.sub(x, tf.reduce("Mean", x, true, axes(call, x)));
        return tf.reduce("Mean", tf.op("Square", centred), call.config().flag("keepdims", false), axes(call, x));
    }

    private static Output<?> logSumExp(LayerCall call, Output<?> x) {
        GraphOps tf = call.tf();
        long[] axes = axes(call, x);
        boolean keeps = call.config().flag("keepdims", false);
        Output<?> most = tf.reduce("Max", x, true, axes);
        Output<?> sum = tf.reduce("Sum", tf.op("Exp", tf.sub(x, most)), keeps, axes);
        return tf.add(tf.op("Log", sum), keeps ? most : tf.op("Squeeze", Map.of("squeeze_dims", axes), most));
    }

    private static Output<?> norm(LayerCall call, Output<?> x) {
        call.config().require("ord", 2L);
        GraphOps tf = call.tf();
        Output<?> sum = tf.reduce("Sum", tf.op("Square", x), call.config().flag("keepdims", false), axes(call, x));
        return tf.op("Sqrt", sum);
    }

    private static Output<?> normalized(LayerCall call, Output<?> x) {
        GraphOps tf = call.tf();
        call.config().require("order", 2L);
        double epsilon = call.config().real("epsilon", 1e-7);
        Output<?> sum = tf.reduce("Sum", tf.op("Square", x), true, axes(call, x));
        return tf.mul(x, tf.min(tf.op("Rsqrt", sum), tf.like(sum, 1 / epsilon)));
    }

    private static Output<?> position(LayerCall call, String op, Output<?> x) {
        GraphOps tf = call.tf();
        call.config().require("keepdims", false);
        if (!call.config().has("axis")) {
            throw call.config().wrong("axis", "an axis");
        }
        return tf.op(
                op,
                Map.of("output_type", DataType.DT_INT32),
                x,
                tf.integer(GraphOps.axis(call.config().integer("axis"), GraphOps.rank(x))));
    }

    private static Output<?> clipped(LayerCall call, Output<?> x) {
        if (!LayerCall.isFloat(x.dataType())) {
            throw new ConversionException("has an input of " + x.dataType() + "; expected floats");
        }
        return Activations.clip(
                call.tf(), x, call.config().real("x_min", 0), call.config().real("x_max", 0));
    }

    private static Output<?> elu(LayerCall call, Output<?> x) {
        GraphOps tf = call.tf();
        double alpha = call.config().real("alpha", 1);
        Output<?> y = tf.op("Elu", real(tf, x));
        return alpha == 1 ? y : tf.where(tf.op("Greater", y, tf.like(y, 0)), y, tf.mul(y, tf.like(y, alpha)));
    }

    /** To the nearest integer. */
    private static Output<?> rounded(LayerCall call, Output<?> x) {
        call.config().require("decimals", 0L);
        return LayerCall.isFloat(x.dataType()) ? call.tf().op("Round", x) : x;
    }

    private static Output<?> cumulative(LayerCall call, String op, Output<?> x) {
        call.config().require("dtype", null);
        if (!call.config().has("axis") || x.dataType() == DataType.DT_BOOL) {
            throw call.config().wrong("axis", "an axis of numbers");
        }
        return call.tf().op(op, x, call.tf().integer(GraphOps.axis(call.config().integer("axis"), GraphOps.rank(x))));
    }

    private static Output<?> padded(LayerCall call, Output<?> x) {
        GraphOps tf = call.tf();
        String mode = call.config().among("mode", "constant", Set.of("constant", "reflect", "symmetric"));
        Object fill = call.keyword("constant_values").orElse(0L);
        if (!(fill instanceof Number number)) {
            throw new ConversionException("has constant_values that are no number");
        }
        int[][] pads = call.config().pairs("pad_width", GraphOps.rank(x)).stream()
                .map(pair -> new int[] {Math.toIntExact(pair.get(0)), Math.toIntExact(pair.get(1))})
                .toArray(int[][]::new);
        return mode.equals("constant")
                ? tf.op("PadV2", x, tf.pairs(pads), tf.like(x, number.doubleValue()))
                : tf.op("MirrorPad", Map.of("mode", mode.toUpperCase(Locale.ROOT)), x, tf.pairs(pads));
    }

    private static Output<?> rolled(LayerCall call, Output<?> x) {
        if (!call.config().has("axis")) {
            throw call.config().wrong("axis", "an axis");
        }
        return call.tf()
                .op(
                        "Roll",
                        x,
                        call.tf().integer(call.config().integer("shift")),
                        call.tf().integer(GraphOps.axis(call.config().integer("axis"), GraphOps.rank(x))));
    }

    private static Output<?> moved(LayerCall call, Output<?> x) {
        int rank = GraphOps.rank(x);
        int source = GraphOps.axis(call.config().integer("source"), rank);
        int destination = GraphOps.axis(call.config().integer("destination"), rank);
        List<Long> order = new ArrayList<>(LongStream.range(0, rank).boxed().toList());
        order.add(destination, order.remove(source));
        return call.tf().transpose(x, order.stream().mapToLong(Long::longValue).toArray());
    }

    private static Output<?> reshaped(LayerCall call, Output<?> x) {
        List<Long> sizes = call.config().integers("newshape");
        return call.tf().op("Reshape", x, call.tf().ints(sizes));
    }

    private static Output<?> transposed(LayerCall call, Output<?> x) {
        int rank = GraphOps.rank(x);
        if (!call.config().has("axes")) {
            call.config().ignore("axes");
            return call.tf()
                    .transpose(
                            x,
                            LongStream.range(0, rank)
                                    .map(axis -> rank - 1 - axis)
                                    .toArray());
        }
        return call.tf()
                .transpose(
                        x,
                        call.config().integers("axes").stream()
                                .mapToLong(axis -> GraphOps.axis(axis, rank))
                                .toArray());
    }

    private static Output<?> exchanged(LayerCall call, Output<?> x) {
        int rank = GraphOps.rank(x);
        int one = GraphOps.axis(call.config().integer("axis1"), rank);
        int other = GraphOps.axis(call.config().integer("axis2"), rank);
        return call.tf()
                .transpose(
                        x,
                        LongStream.range(0, rank)
                                .map(axis -> axis == one ? other : axis == other ? one : axis)
                                .toArray());
    }

    private static Output<?> expanded(LayerCall call, Output<?> x) {
        List<Long> axes = call.config().integers("axis");
        int rank = GraphOps.rank(x) + axes.size();
        Output<?> y = x;
        for (long axis : axes.stream()
                .map(axis -> (long) GraphOps.axis(axis, rank))
                .sorted()
                .toList()) {
            y = call.tf().expand(y, (int) axis);
        }
        return y;
    }

    private static Output<?> squeezed(LayerCall call, Output<?> x) {
        if (!call.config().has("axis")) {
            throw call.config().wrong("axis", "an axis");
        }
        return call.tf().op("Squeeze", Map.of("squeeze_dims", axes(call, x)), x);
    }

    private static Output<?> broadcast(LayerCall call, Output<?> x) {
        return call.tf().op("BroadcastTo", x, call.tf().ints(call.config().integers("shape")));
    }

    private static Output<?> oneHot(LayerCall call, Output<?> x) {
        GraphOps tf = call.tf();
        call.config().require("sparse", false);
        Output<?> indices = x.dataType() == DataType.DT_INT64 ? x : tf.cast(x, DataType.DT_INT32);
        DataType type = LayerConfig.type(call.config().text("dtype", "float32"));
        return tf.op(
                "OneHot",
                Map.of("axis", call.config().integer("axis", -1)),
                indices,
                tf.integer(call.config().count("num_classes")),
                tf.number(1, type),
                tf.number(0, type));
    }

    private static Output<?> typed(LayerCall call, Output<?> x) {
        String type = call.config().text("dtype", "");
        return type.isEmpty() ? x : call.tf().cast(x, LayerConfig.type(type));
    }

    private static Object where(LayerCall call) {
        GraphOps tf = call.tf();
        Output<?> condition = call.tensor(0, "condition")
                .orElseThrow(() -> new ConversionException("has no condition"))
                .tensor();
        List<Object> values = new ArrayList<>();
        for (int i = 1; i <= 2; i++) {
            values.add(call.argument(i, "x" + i)
                    .orElseThrow(() -> new ConversionException("has no values to choose from")));
        }
        List<Output<?>> chosen = Operands.unified(tf, values);
        return KerasTensor.of(tf.where(tf.cast(condition, DataType.DT_BOOL), chosen.get(0), chosen.get(1)));
    }

    private static List<Output<?>> parts(LayerCall call) {
        Object first = call.argument(0, "xs").orElse(null);
        if (!(first instanceof List<?> list)) {
            throw new ConversionException("has no list of tensors; expected one");
        }
        return Operands.unified(call.tf(), new ArrayList<>(list));
    }

    private static Object concatenated(LayerCall call) {
        List<Output<?>> parts = parts(call);
        return KerasTensor.of(call.tf()
                .concat(parts, GraphOps.axis(call.config().integer("axis", -1), GraphOps.rank(parts.get(0)))));
    }

    private static Object stacked(LayerCall call) {
        return KerasTensor.of(call.tf().op("Pack", Map.of("axis", call.config().integer("axis", 0)), parts(call)));
    }

    private static Object split(LayerCall call) {
        GraphOps tf = call.tf();
        Output<?> x = call.input().tensor();
        int axis = GraphOps.axis(call.config().integer("axis", 0), GraphOps.rank(x));
        long size = GraphOps.known(x, axis);
        List<Object> parts = new ArrayList<>();
        if (call.config().value("indices_or_sections") instanceof List<?>) {
            long from = 0;
            List<Long> ends = new ArrayList<>(call.config().integers("indices_or_sections"));
            ends.add(size);
            for (long end : ends) {
                if (end < from || end > size) {
                    throw call.config().wrong("indices_or_sections", "increasing positions within the axis");
                }
                parts.add(KerasTensor.of(tf.slice(x, axis, from, end - from)));
                from = end;
            }
            return parts;
        }
        long sections = call.config().count("indices_or_sections");
        if (size % sections != 0) {
            throw call.config().wrong("indices_or_sections", "a divisor of " + size);
        }
        tf.split(x, axis, (int) sections).forEach(part -> parts.add(KerasTensor.of(part)));
        return parts;
    }

    private static Object einsum(LayerCall call) {
        List<Output<?>> operands = Operands.unified(call.tf(), new ArrayList<>(call.arguments()));
        return KerasTensor.of(call.tf()
                .op(
                        "Einsum",
                        Map.of("equation", call.config().text("subscripts", "").replace(" ", "")),
                        operands));
    }

    private static Object taken(LayerCall call) {
        GraphOps tf = call.tf();
        Output<?> x = call.input().tensor();
        Object indices = call.argument(1, "indices").orElse(List.of());
        Output<?> places;
        if (indices instanceof KerasTensor tensor) {
            places = tf.cast(tensor.tensor(), DataType.DT_INT32);
        } else if (indices instanceof List<?> list
                && list.stream().allMatch(each -> each instanceof Long at && at >= 0)) {
            places = tf.ints(list.stream().mapToLong(Long.class::cast).toArray());
        } else if (indices instanceof Long at && at >= 0) {
            places = tf.integer(at);
        } else {
            throw new ConversionException("has indices that are neither a tensor nor integers of at least 0");
        }
        if (!call.config().has("axis")) {
            throw call.config().wrong("axis", "an axis");
        }
        return KerasTensor.of(tf.op(
                "GatherV2", x, places, tf.integer(GraphOps.axis(call.config().integer("axis"), GraphOps.rank(x)))));
    }

    /** An element, a range, an axis more: the subscripts of Python, as one strided slice. */
    private static Object item(LayerCall call) {
        GraphOps tf = call.tf();
        Output<?> x = call.input().tensor();
        Object key = call.argument(1, "key").orElse(List.of());
        List<?> keys = key instanceof List<?> list ? list : Collections.singletonList(key);
        List<Long> begin = new ArrayList<>();
        List<Long> end = new ArrayList<>();
        List<Long> step = new ArrayList<>();
        long openBegins = 0;
        long openEnds = 0;
        long ellipses = 0;
        long newAxes = 0;
        long singles = 0;
        for (int i = 0; i < keys.size(); i++) {
            long bit = 1L << i;
            Object each = keys.get(i);
            long from = 0;
            long to = 0;
            long stride = 1;
            if (each == null) {
                newAxes |= bit;
            } else if (each instanceof Long at) {
                from = at;
                to = at + 1;
                singles |= bit;
            } else if (each instanceof Map<?, ?> json && "__ellipsis__".equals(json.get("class_name"))) {
                ellipses |= bit;
            } else if (each instanceof Map<?, ?> json
                    && "__slice__".equals(json.get("class_name"))
                    && json.get("config") instanceof Map<?, ?> slice) {
                stride = bound(slice.get("step"), 1);
                from = bound(slice.get("start"), 0);
                to = bound(slice.get("stop"), 0);
                openBegins |= slice.get("start") == null ? bit : 0;
                openEnds |= slice.get("stop") == null ? bit : 0;
            } else {
                throw new ConversionException("has a subscript that is neither an integer nor a range of integers");
            }
            begin.add(from);
            end.add(to);
            step.add(stride);
        }
        Map<String, Long> attributes = Map.of(
                "begin_mask", openBegins,
                "end_mask", openEnds,
                "ellipsis_mask", ellipses,
                "new_axis_mask", newAxes,
                "shrink_axis_mask", singles);
        return KerasTensor.of(tf.op("StridedSlice", attributes, x, tf.ints(begin), tf.ints(end), tf.ints(step)));
    }

    private static long bound(Object json, long absent) {
        if (json == null) {
            return absent;
        }
        if (json instanceof Long number) {
            return number;
        }
        throw new ConversionException("has a range with bounds that are no integers");
    }
}
