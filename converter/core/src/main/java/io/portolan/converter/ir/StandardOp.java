package io.portolan.converter.ir;

import java.util.List;

/**
 * The operators of ONNX's default domain that Portolan writes: one line each, with the opset in which the form used here
 * appeared. Axes and sizes are inputs or attributes as in {@link Opset#DEFAULT}; the writer knows the older forms.
 */
public enum StandardOp implements Op {
    ABS("Abs", 6, 1, ElementwiseInference::numeric),
    ACOS("Acos", 7, 1, ElementwiseInference::floating),
    ADD("Add", 7, 2, ElementwiseInference::arithmetic),
    AND("And", 7, 2, ElementwiseInference::logical),
    ARG_MAX("ArgMax", 13, 1, ReductionInference::argMax),
    ARG_MIN("ArgMin", 13, 1, ReductionInference::argMax),
    ASIN("Asin", 7, 1, ElementwiseInference::floating),
    ATAN("Atan", 7, 1, ElementwiseInference::floating),
    AVERAGE_POOL("AveragePool", 11, 1, WindowInference::pool),
    BATCH_NORMALIZATION("BatchNormalization", 9, 5, ElementwiseInference::floating),
    BITWISE_AND("BitwiseAnd", 18, 2, ElementwiseInference::bitwise),
    BITWISE_NOT("BitwiseNot", 18, 1, ElementwiseInference::bitwise),
    BITWISE_OR("BitwiseOr", 18, 2, ElementwiseInference::bitwise),
    BITWISE_XOR("BitwiseXor", 18, 2, ElementwiseInference::bitwise),
    CAST("Cast", 9, 1, ElementwiseInference::cast),
    CEIL("Ceil", 6, 1, ElementwiseInference::floating),
    CLIP("Clip", 11, 3, ElementwiseInference::clip),
    CONCAT("Concat", 4, 1, Integer.MAX_VALUE, ArrayInference::concat),
    CONV("Conv", 11, 2, 3, WindowInference::conv),
    CONV_TRANSPOSE("ConvTranspose", 11, 2, WindowInference::convTranspose),
    COS("Cos", 7, 1, ElementwiseInference::floating),
    COSH("Cosh", 9, 1, ElementwiseInference::floating),
    CUM_SUM("CumSum", 11, 2, ReductionInference::cumulative),
    DEQUANTIZE_LINEAR("DequantizeLinear", 13, 2, ElementwiseInference::dequantize),
    DFT("DFT", 17, 3, ElementwiseInference::first),
    DIV("Div", 7, 2, ElementwiseInference::arithmetic),
    EINSUM("Einsum", 12, 1, Integer.MAX_VALUE, EinsumInference::einsum),
    ELU("Elu", 6, 1, ElementwiseInference::floating),
    EQUAL("Equal", 7, 2, ElementwiseInference::comparison),
    ERF("Erf", 9, 1, ElementwiseInference::floating),
    EXP("Exp", 6, 1, ElementwiseInference::floating),
    EXPAND("Expand", 8, 2, ArrayInference::expand),
    FLOOR("Floor", 6, 1, ElementwiseInference::floating),
    GATHER("Gather", 1, 2, ArrayInference::gather),
    GATHER_ELEMENTS("GatherElements", 11, 2, IndexInference::gatherElements),
    GATHER_ND("GatherND", 12, 2, IndexInference::gatherNd),
    GREATER("Greater", 7, 2, ElementwiseInference::comparison),
    GREATER_OR_EQUAL("GreaterOrEqual", 12, 2, ElementwiseInference::comparison),
    IDENTITY("Identity", 1, 1, ElementwiseInference::first),
    IF("If", 11, 1, ControlFlowInference::branches),
    IS_INF("IsInf", 10, 1, ElementwiseInference::classification),
    IS_NAN("IsNaN", 9, 1, ElementwiseInference::classification),
    LEAKY_RELU("LeakyRelu", 6, 1, ElementwiseInference::floating),
    LESS("Less", 7, 2, ElementwiseInference::comparison),
    LESS_OR_EQUAL("LessOrEqual", 12, 2, ElementwiseInference::comparison),
    LOG("Log", 6, 1, ElementwiseInference::floating),
    LOG_SOFTMAX("LogSoftmax", 13, 1, ElementwiseInference::floating),
    LOOP("Loop", 11, 2, Integer.MAX_VALUE, ControlFlowInference::loop),
    LRN("LRN", 1, 1, ElementwiseInference::floating),
    MAT_MUL("MatMul", 1, 2, ReductionInference::matMul),
    MAX("Max", 8, 2, ElementwiseInference::arithmetic),
    MAX_POOL("MaxPool", 12, 1, WindowInference::pool),
    MIN("Min", 8, 2, ElementwiseInference::arithmetic),
    MOD("Mod", 10, 2, ElementwiseInference::arithmetic),
    MUL("Mul", 7, 2, ElementwiseInference::arithmetic),
    NEG("Neg", 6, 1, ElementwiseInference::numeric),
    NON_MAX_SUPPRESSION("NonMaxSuppression", 10, 5, IndexInference::nonMaxSuppression),
    NON_ZERO("NonZero", 9, 1, IndexInference::nonZero),
    NOT("Not", 1, 1, ElementwiseInference::logical),
    OR("Or", 7, 2, ElementwiseInference::logical),
    PAD("Pad", 11, 3, ArrayInference::pad),
    POW("Pow", 12, 2, ElementwiseInference::arithmetic),
    RANGE("Range", 11, 3, IndexInference::range),
    RECIPROCAL("Reciprocal", 6, 1, ElementwiseInference::floating),
    REDUCE_MAX("ReduceMax", 18, 2, ReductionInference::reduce),
    REDUCE_MEAN("ReduceMean", 18, 2, ReductionInference::reduce),
    REDUCE_MIN("ReduceMin", 18, 2, ReductionInference::reduce),
    REDUCE_PROD("ReduceProd", 18, 2, ReductionInference::reduce),
    REDUCE_SUM("ReduceSum", 13, 2, ReductionInference::reduce),
    RELU("Relu", 6, 1, ElementwiseInference::numeric),
    RESHAPE("Reshape", 5, 2, ArrayInference::reshape),
    RESIZE("Resize", 13, 4, IndexInference::resize),
    REVERSE_SEQUENCE("ReverseSequence", 10, 2, ElementwiseInference::first),
    ROUND("Round", 11, 1, ElementwiseInference::floating),
    SCAN("Scan", 11, 1, Integer.MAX_VALUE, ControlFlowInference::scan),
    SCATTER_ELEMENTS("ScatterElements", 11, 3, ElementwiseInference::first),
    SCATTER_ND("ScatterND", 11, 3, ElementwiseInference::first),
    SELU("Selu", 6, 1, ElementwiseInference::floating),
    SHAPE("Shape", 1, 1, ArrayInference::shape),
    SIGMOID("Sigmoid", 6, 1, ElementwiseInference::floating),
    SIGN("Sign", 9, 1, ElementwiseInference::numeric),
    SIN("Sin", 7, 1, ElementwiseInference::floating),
    SINH("Sinh", 9, 1, ElementwiseInference::floating),
    SLICE("Slice", 10, 5, ArrayInference::slice),
    SOFTMAX("Softmax", 13, 1, ElementwiseInference::floating),
    SOFTPLUS("Softplus", 1, 1, ElementwiseInference::floating),
    SPLIT("Split", 13, 2, ArrayInference::split),
    SQRT("Sqrt", 6, 1, ElementwiseInference::floating),
    SQUEEZE("Squeeze", 13, 2, ArrayInference::squeeze),
    SUB("Sub", 7, 2, ElementwiseInference::arithmetic),
    TAN("Tan", 7, 1, ElementwiseInference::floating),
    TANH("Tanh", 6, 1, ElementwiseInference::floating),
    TILE("Tile", 6, 2, ArrayInference::tile),
    TOP_K("TopK", 11, 2, IndexInference::topK),
    TRANSPOSE("Transpose", 1, 1, ArrayInference::transpose),
    UNIQUE("Unique", 11, 1, IndexInference::unique),
    UNSQUEEZE("Unsqueeze", 13, 2, ArrayInference::unsqueeze),
    WHERE("Where", 9, 3, ElementwiseInference::where);

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

    /** The opset in which the form of the operator used here appeared, element types that came later aside. */
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
