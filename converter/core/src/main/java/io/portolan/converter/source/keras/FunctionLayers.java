package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.source.keras.LayerTable.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The layers that Keras 2 made of functions of TensorFlow between layers, {@code TFOpLambda} and {@code SlicingOpLambda}: each is written as
 * the operation of Keras 3 that computes the same.
 */
final class FunctionLayers {
    private static final Object REQUIRED = new Object();
    private static final String SUBSCRIPTS = "slice_spec";

    static final List<Row> ROWS = List.of(
            new Row("TFOpLambda", false, FunctionLayers::function),
            new Row("SlicingOpLambda", false, FunctionLayers::function));

    /**
     * A parameter of a function.
     *
     * @param name what TensorFlow calls it
     * @param option the option of the operation that it is; empty for a tensor
     * @param absent its value if it is not given; {@code REQUIRED} if it must be
     */
    private record Parameter(String name, String option, Object absent) {
        boolean isTensor() {
            return option.isEmpty();
        }
    }

    /**
     * A function.
     *
     * @param operation the operation of Keras 3
     * @param takesIntegers whether both compute the same of integers
     * @param fixed options that the function always has
     */
    private record Function(
            String operation, boolean takesIntegers, List<Parameter> parameters, Map<String, Object> fixed) {}

    private static final Map<String, Function> FUNCTIONS = new HashMap<>();

    static {
        Map.of(
                        "math.negative", "Negative",
                        "math.abs", "Absolute",
                        "math.square", "Square",
                        "math.sign", "Sign",
                        "math.logical_not", "LogicalNot")
                .forEach((name, operation) -> add(name, operation, true, tensor("x")));
        Map.ofEntries(
                        Map.entry("math.floor", "Floor"),
                        Map.entry("math.ceil", "Ceil"),
                        Map.entry("math.exp", "Exp"),
                        Map.entry("math.expm1", "Expm1"),
                        Map.entry("math.log", "Log"),
                        Map.entry("math.log1p", "Log1p"),
                        Map.entry("math.sqrt", "Sqrt"),
                        Map.entry("math.rsqrt", "Rsqrt"),
                        Map.entry("math.sin", "Sin"),
                        Map.entry("math.cos", "Cos"),
                        Map.entry("math.tan", "Tan"),
                        Map.entry("math.atan", "Arctan"),
                        Map.entry("math.asin", "Arcsin"),
                        Map.entry("math.acos", "Arccos"),
                        Map.entry("math.sinh", "Sinh"),
                        Map.entry("math.cosh", "Cosh"),
                        Map.entry("math.erf", "Erf"),
                        Map.entry("math.reciprocal", "Reciprocal"),
                        Map.entry("math.is_nan", "Isnan"),
                        Map.entry("math.is_inf", "Isinf"),
                        Map.entry("math.is_finite", "Isfinite"),
                        Map.entry("math.sigmoid", "Sigmoid"),
                        Map.entry("math.tanh", "Tanh"))
                .forEach((name, operation) -> add(name, operation, false, tensor("x")));
        Map.of(
                        "nn.relu", "Relu",
                        "nn.relu6", "Relu6",
                        "nn.selu", "Selu",
                        "nn.silu", "Silu",
                        "nn.swish", "Silu",
                        "math.softplus", "Softplus",
                        "nn.softsign", "Softsign")
                .forEach((name, operation) -> add(name, operation, false, tensor("features")));
        add("nn.leaky_relu", "LeakyRelu", false, tensor("features"), option("alpha", "negative_slope", 0.2));
        add("nn.gelu", "Gelu", false, tensor("features"), option("approximate", "approximate", false));
        add("nn.softmax", "Softmax", false, tensor("logits"), option("axis", "axis", -1L));
        add("nn.log_softmax", "LogSoftmax", false, tensor("logits"), option("axis", "axis", -1L));
        Map.ofEntries(
                        Map.entry("__operators__.add", "Add"),
                        Map.entry("math.add", "Add"),
                        Map.entry("math.subtract", "Subtract"),
                        Map.entry("math.multiply", "Multiply"),
                        Map.entry("math.floordiv", "FloorDivide"),
                        Map.entry("math.floormod", "Mod"),
                        Map.entry("math.maximum", "Maximum"),
                        Map.entry("math.minimum", "Minimum"),
                        Map.entry("math.greater", "Greater"),
                        Map.entry("math.greater_equal", "GreaterEqual"),
                        Map.entry("math.less", "Less"),
                        Map.entry("math.less_equal", "LessEqual"),
                        Map.entry("math.equal", "Equal"),
                        Map.entry("math.not_equal", "NotEqual"),
                        Map.entry("math.logical_and", "LogicalAnd"),
                        Map.entry("math.logical_or", "LogicalOr"))
                .forEach((name, operation) -> add(name, operation, true, tensor("x"), tensor("y")));
        // Of integers, TensorFlow makes float64 where Keras makes float32.
        Map.of("math.truediv", "TrueDivide", "math.divide", "TrueDivide", "math.pow", "Power")
                .forEach((name, operation) -> add(name, operation, false, tensor("x"), tensor("y")));
        Map.of(
                        "math.reduce_sum", "Sum",
                        "math.reduce_max", "Max",
                        "math.reduce_min", "Min",
                        "math.reduce_prod", "Prod",
                        "math.reduce_any", "Any",
                        "math.reduce_all", "All")
                .forEach((name, operation) -> reduction(name, operation, true));
        Map.of(
                        "math.reduce_mean", "Mean",
                        "math.reduce_std", "Std",
                        "math.reduce_variance", "Var",
                        "math.reduce_logsumexp", "Logsumexp")
                .forEach((name, operation) -> reduction(name, operation, false));
        add("cast", "Cast", true, tensor("x"), option("dtype", "dtype", REQUIRED));
        add("reshape", "Reshape", true, tensor("tensor"), option("shape", "newshape", REQUIRED));
        add("expand_dims", "ExpandDims", true, tensor("input"), option("axis", "axis", REQUIRED));
        add("squeeze", "Squeeze", true, tensor("input"), option("axis", "axis", REQUIRED));
        add("transpose", "Transpose", true, tensor("a"), option("perm", "axes", null));
        add("reverse", "Flip", true, tensor("tensor"), option("axis", "axis", REQUIRED));
        add("tile", "Tile", true, tensor("input"), option("multiples", "repeats", REQUIRED));
        add("broadcast_to", "BroadcastTo", true, tensor("input"), option("shape", "shape", REQUIRED));
        add("concat", "Concatenate", true, tensor("values"), option("axis", "axis", REQUIRED));
        add("stack", "Stack", true, tensor("values"), option("axis", "axis", 0L));
        add(
                "split",
                "Split",
                true,
                tensor("value"),
                option("num_or_size_splits", "indices_or_sections", REQUIRED),
                option("axis", "axis", 0L));
        add(
                "clip_by_value",
                "Clip",
                false,
                tensor("t"),
                option("clip_value_min", "x_min", REQUIRED),
                option("clip_value_max", "x_max", REQUIRED));
        add("where", "Where", true, tensor("condition"), tensor("x"), tensor("y"));
        add("gather", "Take", true, tensor("params"), tensor("indices"), option("axis", "axis", 0L));
        add(
                "one_hot",
                "OneHot",
                true,
                tensor("indices"),
                option("depth", "num_classes", REQUIRED),
                option("axis", "axis", -1L));
        // TensorFlow bounds the sum of squares, Keras the norm.
        FUNCTIONS.put(
                "math.l2_normalize",
                new Function(
                        "Normalize",
                        false,
                        List.of(tensor("x"), option("axis", "axis", null)),
                        Map.of("epsilon", 1e-6, "order", 2L)));
        add("identity", "StopGradient", true, tensor("input"));
        add("stop_gradient", "StopGradient", true, tensor("input"));
        add("zeros_like", "ZerosLike", true, tensor("input"));
        add("ones_like", "OnesLike", true, tensor("input"));
        add("linalg.matmul", "Matmul", true, tensor("a"), tensor("b"));
        add("__operators__.getitem", "GetItem", true, tensor("tensor"), tensor(SUBSCRIPTS));
    }

    private FunctionLayers() {}

    private static Parameter tensor(String name) {
        return new Parameter(name, "", REQUIRED);
    }

    private static Parameter option(String name, String option, Object absent) {
        return new Parameter(name, option, absent);
    }

    private static void add(String name, String operation, boolean takesIntegers, Parameter... parameters) {
        FUNCTIONS.put(name, new Function(operation, takesIntegers, List.of(parameters), Map.of()));
    }

    private static void reduction(String name, String operation, boolean takesIntegers) {
        add(
                name,
                operation,
                takesIntegers,
                tensor("input_tensor"),
                option("axis", "axis", null),
                option("keepdims", "keepdims", false));
    }

    private static Object function(LayerCall call) {
        String name = call.config().text("function", "");
        Function function = FUNCTIONS.get(name);
        if (function == null) {
            throw new ConversionException("is tf." + GraphOps.safe(name)
                    + ", which is not among the functions that are understood; " + LayerTable.advice());
        }
        List<Object> tensors = new ArrayList<>();
        Map<String, Object> options = new LinkedHashMap<>(function.fixed());
        for (int i = 0; i < function.parameters().size(); i++) {
            Parameter parameter = function.parameters().get(i);
            Object value = call.argument(i, parameter.name()).orElse(parameter.absent());
            if (value == REQUIRED) {
                throw new ConversionException("is called without " + parameter.name());
            }
            if (parameter.isTensor()) {
                tensors.add(parameter.name().equals(SUBSCRIPTS) ? subscripts(value) : value);
            } else {
                options.put(parameter.option(), value);
            }
        }
        requireDefaults(call, function);
        requireFloats(tensors, function);
        if (function.operation().equals("Split") && options.get("indices_or_sections") instanceof List<?>) {
            throw new ConversionException("splits into parts of several sizes; expected equal ones");
        }
        return LayerTable.write(
                "tf." + name,
                new LayerCall(
                        call.context(),
                        SavedLayer.OPERATION + function.operation(),
                        new LayerConfig(options),
                        call.weights(),
                        tensors,
                        Map.of()));
    }

    /** Refuses further arguments, unless they are none or false, which they are by default. */
    private static void requireDefaults(LayerCall call, Function function) {
        Stream<String> known = function.parameters().stream().map(Parameter::name);
        Map<String, Object> others = new LinkedHashMap<>(call.keywords());
        others.keySet().removeAll(known.toList());
        others.forEach((name, value) -> {
            if (value != null && !Boolean.FALSE.equals(value)) {
                throw new ConversionException("is called with " + GraphOps.safe(name) + "; expected no such argument");
            }
        });
    }

    private static void requireFloats(List<Object> tensors, Function function) {
        boolean isWhole = tensors.stream()
                .anyMatch(each -> each instanceof KerasTensor tensor
                        && !LayerCall.isFloat(tensor.tensor().dataType()));
        if (isWhole && !function.takesIntegers()) {
            throw new ConversionException("has an input that is no float; expected floats");
        }
    }

    /** Subscripts in the words of Keras 3. */
    private static Object subscripts(Object value) {
        List<?> all = value instanceof List<?> list ? list : Collections.singletonList(value);
        return all.stream()
                .map(each -> each instanceof Map<?, ?> range && range.containsKey("start")
                        ? Map.of("class_name", "__slice__", "config", range)
                        : each)
                .collect(Collectors.toCollection(ArrayList::new));
    }
}
