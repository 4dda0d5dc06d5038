package io.portolan.converter.ir;

import java.util.List;

/**
 * The operators of ONNX's default domain that Portolan writes: one line each, with the opset in which the form used
 * here appeared. Axes and sizes are inputs or attributes as in {@link Opset#DEFAULT}.
 */
public enum StandardOp implements Op {
    ABS("Abs", 13, 1, ElementwiseInference::numeric),
    ADD("Add", 14, 2, ElementwiseInference::arithmetic),
    AND("And", 7, 2, ElementwiseInference::logical),
    ARG_MAX("ArgMax", 13, 1, ReductionInference::argMax),
    ARG_MIN("ArgMin", 13, 1, ReductionInference::argMax),
    ATAN("Atan", 7, 1, ElementwiseInference::floating),
    AVERAGE_POOL("AveragePool", 11, 1, WindowInference::pool),
    CAST("Cast", 13, 1, ElementwiseInference::cast),
    CEIL("Ceil", 13, 1, ElementwiseInference::floating),
    CLIP("Clip", 13, 3, ElementwiseInference::clip),
    CONCAT("Concat", 13, 1, Integer.MAX_VALUE, ArrayInference::concat),
    CONV("Conv", 11, 2, 3, WindowInference::conv),
    COS("Cos", 7, 1, ElementwiseInference::floating),
    CUM_SUM("CumSum", 14, 2, ReductionInference::cumulative),
    DEQUANTIZE_LINEAR("DequantizeLinear", 13, 2, ElementwiseInference::dequantize),
    DIV("Div", 14, 2, ElementwiseInference::arithmetic),
    ELU("Elu", 6, 1, ElementwiseInference::floating),
    EQUAL("Equal", 13, 2, ElementwiseInference::comparison),
    ERF("Erf", 13, 1, ElementwiseInference::floating),
    EXP("Exp", 13, 1, ElementwiseInference::floating),
    EXPAND("Expand", 13, 2, ArrayInference::expand),
    FLOOR("Floor", 13, 1, ElementwiseInference::floating),
    GATHER("Gather", 13, 2, ArrayInference::gather),
    GREATER("Greater", 13, 2, ElementwiseInference::comparison),
    GREATER_OR_EQUAL("GreaterOrEqual", 16, 2, ElementwiseInference::comparison),
    IDENTITY("Identity", 16, 1, ElementwiseInference::same),
    LEAKY_RELU("LeakyRelu", 16, 1, ElementwiseInference::floating),
    LESS("Less", 13, 2, ElementwiseInference::comparison),
    LESS_OR_EQUAL("LessOrEqual", 16, 2, ElementwiseInference::comparison),
    LOG("Log", 13, 1, ElementwiseInference::floating),
    LOG_SOFTMAX("LogSoftmax", 13, 1, ElementwiseInference::floating),
    MAT_MUL("MatMul", 13, 2, ReductionInference::matMul),
    MAX("Max", 13, 2, ElementwiseInference::arithmetic),
    MAX_POOL("MaxPool", 12, 1, WindowInference::pool),
    MIN("Min", 13, 2, ElementwiseInference::arithmetic),
    MUL("Mul", 14, 2, ElementwiseInference::arithmetic),
    NEG("Neg", 13, 1, ElementwiseInference::numeric),
    NOT("Not", 1, 1, ElementwiseInference::logical),
    OR("Or", 7, 2, ElementwiseInference::logical),
    PAD("Pad", 18, 3, ArrayInference::pad),
    POW("Pow", 15, 2, ElementwiseInference::arithmetic),
    RECIPROCAL("Reciprocal", 13, 1, ElementwiseInference::floating),
    REDUCE_MAX("ReduceMax", 18, 2, ReductionInference::reduce),
    REDUCE_MEAN("ReduceMean", 18, 2, ReductionInference::reduce),
    REDUCE_MIN("ReduceMin", 18, 2, ReductionInference::reduce),
    REDUCE_PROD("ReduceProd", 18, 2, ReductionInference::reduce),
    REDUCE_SUM("ReduceSum", 13, 2, ReductionInference::reduce),
    RELU("Relu", 14, 1, ElementwiseInference::numeric),
    RESHAPE("Reshape", 14, 2, ArrayInference::reshape),
    ROUND("Round", 11, 1, ElementwiseInference::floating),
    SELU("Selu", 6, 1, ElementwiseInference::floating),
    SHAPE("Shape", 15, 1, ArrayInference::shape),
    SIGMOID("Sigmoid", 13, 1, ElementwiseInference::floating),
    SIGN("Sign", 13, 1, ElementwiseInference::numeric),
    SIN("Sin", 7, 1, ElementwiseInference::floating),
    SLICE("Slice", 13, 5, ArrayInference::slice),
    SOFTMAX("Softmax", 13, 1, ElementwiseInference::floating),
    SOFTPLUS("Softplus", 1, 1, ElementwiseInference::floating),
    SPLIT("Split", 13, 2, ArrayInference::split),
    SQRT("Sqrt", 13, 1, ElementwiseInference::floating),
    SQUEEZE("Squeeze", 13, 2, ArrayInference::squeeze),
    SUB("Sub", 14, 2, ElementwiseInference::arithmetic),
    TAN("Tan", 7, 1, ElementwiseInference::floating),
    TANH("Tanh", 13, 1, ElementwiseInference::floating),
    TILE("Tile", 13, 2, ArrayInference::tile),
    TRANSPOSE("Transpose", 13, 1, ArrayInference::transpose),
    UNSQUEEZE("Unsqueeze", 13, 2, ArrayInference::unsqueeze),
    WHERE("Where", 16, 3, ElementwiseInference::where);

    private final String opName;
    private final int since;
    private final int minInputs;
    private final int maxInputs;
    private final Inference inference;

    StandardOp(String opName, int since, int inputs, Inference inference) {
        this(opName, since, inputs, inputs, inference);
    }

    StandardOp(String opName, int since, int minInputs, int maxInputs, Inference inference) {
        this.opName = opName;
        this.since = since;
        this.minInputs = minInputs;
        this.maxInputs = maxInputs;
        this.inference = inference;
    }

    /** The opset in which the form of the operator used here appeared. */
    public int since() {
        return since;
    }

    @Override
    public String opName() {
        return opName;
    }

    @Override
    public String domain() {
        return "";
    }

    @Override
    public int minInputs() {
        return minInputs;
    }

    @Override
    public int maxInputs() {
        return maxInputs;
    }

    @Override
    public List<TensorType> infer(List<Value> inputs, Attributes attributes) {
        return inference.infer(inputs, attributes);
    }
}
