package io.portolan.converter.ir;

import static io.portolan.converter.ir.AttributeSpec.graph;
import static io.portolan.converter.ir.AttributeSpec.integer;
import static io.portolan.converter.ir.AttributeSpec.integers;
import static io.portolan.converter.ir.AttributeSpec.real;
import static io.portolan.converter.ir.AttributeSpec.reals;
import static io.portolan.converter.ir.AttributeSpec.text;
import static io.portolan.converter.ir.AttributeSpec.texts;
import static io.portolan.converter.ir.KernelTypes.ALL_INPUTS;
import static io.portolan.converter.ir.OnnxType.BFLOAT16;
import static io.portolan.converter.ir.OnnxType.BOOL;
import static io.portolan.converter.ir.OnnxType.DOUBLE;
import static io.portolan.converter.ir.OnnxType.FLOAT;
import static io.portolan.converter.ir.OnnxType.FLOAT16;
import static io.portolan.converter.ir.OnnxType.INT16;
import static io.portolan.converter.ir.OnnxType.INT32;
import static io.portolan.converter.ir.OnnxType.INT64;
import static io.portolan.converter.ir.OnnxType.INT8;
import static io.portolan.converter.ir.OnnxType.STRING;
import static io.portolan.converter.ir.OnnxType.UINT16;
import static io.portolan.converter.ir.OnnxType.UINT8;
import static io.portolan.converter.ir.OpFacts.elementwise;
import static io.portolan.converter.ir.OpFacts.moving;
import static io.portolan.converter.ir.OpFacts.ofDomain;
import static io.portolan.converter.ir.OpFacts.other;
import static io.portolan.converter.ir.OpFacts.reducing;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The operators of ONNX that Portolan writes, one row each with all facts about it. A row tells what the operator does
 * with elements, the opset that introduced it, the number of its inputs and its type inference; then, if they apply, its attributes,
 * changes in opsets after {@link Opset#OLDEST}, the element types for which ONNX Runtime has kernels, and how its result is computed at
 * conversion time. Axes and sizes are inputs or attributes as in {@link Opset#DEFAULT}. A test compares the rows with ONNX's own
 * definitions.
 */
public enum StandardOp implements Op {
    ABS(elementwise("Abs", 6, 1, ElementwiseInference::numeric).tracked(SymbolicContents.unary(Quantity::absolute))),
    ACOS(elementwise("Acos", 7, 1, ElementwiseInference::floating).typesSince(22, BFLOAT16)),
    ADD(elementwise("Add", 7, 2, ElementwiseInference::arithmetic)
            .typesSince(14, INT8, UINT8, INT16, UINT16)
            .evaluated(ConstantEvaluator.binary((x, y) -> x + y, (x, y) -> x + y))
            .tracked(SymbolicContents.binary(Quantity::plus))),
    AND(elementwise("And", 7, 2, ElementwiseInference::logical)
            .evaluated(IndexEvaluator.exact((x, y) -> x & y))
            .tracked(SymbolicContents.binary(Quantity::smaller))),
    ARG_MAX(other("ArgMax", 13, 1, ReductionInference::argMax)
            .with(integer("axis"), integer("keepdims"), integer("select_last_index"))),
    ARG_MIN(other("ArgMin", 13, 1, ReductionInference::argMax)
            .with(integer("axis"), integer("keepdims"), integer("select_last_index"))),
    ASIN(elementwise("Asin", 7, 1, ElementwiseInference::floating).typesSince(22, BFLOAT16)),
    ATAN(elementwise("Atan", 7, 1, ElementwiseInference::floating).typesSince(22, BFLOAT16)),
    AVERAGE_POOL(other("AveragePool", 11, 1, WindowInference::pool)
            .with(
                    text("auto_pad"),
                    integer("ceil_mode"),
                    integer("count_include_pad"),
                    integers("dilations").since(19),
                    integers("kernel_shape"),
                    integers("pads"),
                    integers("strides"))
            .kernelsOnlyFor(1, FLOAT)
            .typesSince(22, BFLOAT16)),
    BATCH_NORMALIZATION(other("BatchNormalization", 9, 5, ElementwiseInference::floating)
            .with(real("epsilon"), real("momentum"), integer("training_mode").since(14))
            .typesSince(14, BFLOAT16)),
    BIT_SHIFT(elementwise("BitShift", 11, 2, ElementwiseInference::shift).with(text("direction"))),
    BITWISE_AND(elementwise("BitwiseAnd", 18, 2, ElementwiseInference::bitwise)),
    BITWISE_NOT(elementwise("BitwiseNot", 18, 1, ElementwiseInference::bitwise)),
    BITWISE_OR(elementwise("BitwiseOr", 18, 2, ElementwiseInference::bitwise)),
    BITWISE_XOR(elementwise("BitwiseXor", 18, 2, ElementwiseInference::bitwise)),
    CAST(elementwise("Cast", 9, 1, ElementwiseInference::cast)
            .with(integer("saturate").since(19), integer("to"))
            .evaluated(ConstantEvaluator::cast)
            .tracked(SymbolicContents::cast)),
    CEIL(elementwise("Ceil", 6, 1, ElementwiseInference::floating).evaluated(ConstantEvaluator.unary(Math::ceil))),
    CLIP(elementwise("Clip", 11, 3, ElementwiseInference::clip)),
    CONCAT(moving("Concat", 4, 1, ArrayInference::concat)
            .orMore()
            .with(integer("axis"))
            .evaluated(ConstantEvaluator::concat)
            .tracked(SymbolicContents.moved(input -> true))),
    CONV(other("Conv", 11, 2, WindowInference::conv)
            .upTo(3)
            .with(
                    text("auto_pad"),
                    integers("dilations"),
                    integer("group"),
                    integers("kernel_shape"),
                    integers("pads"),
                    integers("strides"))
            .kernelsOnlyFor(ALL_INPUTS, FLOAT, FLOAT16)
            .typesSince(22, BFLOAT16)),
    CONV_TRANSPOSE(other("ConvTranspose", 11, 2, WindowInference::convTranspose)
            .upTo(3)
            .with(
                    text("auto_pad"),
                    integers("dilations"),
                    integer("group"),
                    integers("kernel_shape"),
                    integers("output_padding"),
                    integers("output_shape"),
                    integers("pads"),
                    integers("strides"))
            .kernelsOnlyFor(ALL_INPUTS, FLOAT, FLOAT16)
            .typesSince(22, BFLOAT16)),
    COS(elementwise("Cos", 7, 1, ElementwiseInference::floating).typesSince(22, BFLOAT16)),
    COSH(elementwise("Cosh", 9, 1, ElementwiseInference::floating).typesSince(22, BFLOAT16)),
    CUM_SUM(other("CumSum", 11, 2, ReductionInference::cumulative)
            .with(integer("exclusive"), integer("reverse"))
            .typesSince(14, FLOAT16, BFLOAT16)
            .tracked(SymbolicContents::cumulative)),
    DEQUANTIZE_LINEAR(other("DequantizeLinear", 13, 2, ElementwiseInference::dequantize)
            .with(integer("axis"), integer("block_size").since(21))
            .typesSince(21, INT16, UINT16)),
    DFT(other("DFT", 17, 3, ReductionInference::fourier)
            .with(integer("inverse"), integer("onesided"))
            .attributeBefore(20, integer("axis"))),
    DIV(elementwise("Div", 7, 2, ElementwiseInference::arithmetic)
            .typesSince(14, INT8, UINT8, INT16, UINT16)
            .evaluated(ConstantEvaluator.binary((x, y) -> x / y))
            .tracked(SymbolicContents.binary(Quantity::dividedBy))),
    EINSUM(other("Einsum", 12, 1, EinsumInference::einsum).orMore().with(text("equation"))),
    ELU(elementwise("Elu", 6, 1, ElementwiseInference::floating)
            .with(real("alpha"))
            .typesSince(22, BFLOAT16)),
    EQUAL(elementwise("Equal", 7, 2, ElementwiseInference::comparison)
            .typesSince(19, STRING)
            .evaluated(ConstantEvaluator.comparison((x, y) -> x == y))
            .tracked(SymbolicContents.binary(Quantity::same))),
    ERF(elementwise("Erf", 9, 1, ElementwiseInference::floating)),
    EXP(elementwise("Exp", 6, 1, ElementwiseInference::floating)),
    EXPAND(moving("Expand", 8, 2, ArrayInference::expand)
            .evaluated(ConstantEvaluator::expand)
            .tracked(SymbolicContents.moved(input -> input == 0))),
    FLOOR(elementwise("Floor", 6, 1, ElementwiseInference::floating).evaluated(ConstantEvaluator.unary(Math::floor))),
    GATHER(moving("Gather", 1, 2, ArrayInference::gather)
            .with(integer("axis"))
            .evaluated(IndexEvaluator::gather)
            .tracked(SymbolicContents.moved(input -> input == 0))),
    GATHER_ELEMENTS(
            moving("GatherElements", 11, 2, IndexInference::gatherElements).with(integer("axis"))),
    GATHER_ND(moving("GatherND", 12, 2, IndexInference::gatherNd)
            .with(integer("batch_dims"))
            .evaluated(IndexEvaluator::gatherNd)
            .tracked(SymbolicContents.moved(input -> input == 0))),
    GREATER(elementwise("Greater", 7, 2, ElementwiseInference::comparison)
            .evaluated(ConstantEvaluator.comparison((x, y) -> x > y))
            .tracked(SymbolicContents.binary((x, y) -> y.below(x)))),
    GREATER_OR_EQUAL(elementwise("GreaterOrEqual", 12, 2, ElementwiseInference::comparison)
            .evaluated(ConstantEvaluator.comparison((x, y) -> x >= y))
            .tracked(SymbolicContents.binary((x, y) -> y.atMost(x)))
            .typesSince(16, BFLOAT16)),
    GRU(recurrent("GRU", 3, 6, FLOAT, DOUBLE).with(integer("linear_before_reset"))),
    IDENTITY(elementwise("Identity", 1, 1, ElementwiseInference::first)
            .evaluated(ConstantEvaluator::reshape)
            .tracked(SymbolicContents::first)),
    IF(other("If", 11, 1, ControlFlowInference::branches).with(graph("else_branch"), graph("then_branch"))),
    INSTANCE_NORMALIZATION(other("InstanceNormalization", 6, 3, ElementwiseInference::floating)
            .with(real("epsilon"))
            .typesSince(22, BFLOAT16)),
    IS_INF(elementwise("IsInf", 10, 1, ElementwiseInference::classification)
            .with(integer("detect_negative"), integer("detect_positive"))
            .typesSince(20, FLOAT16, BFLOAT16)),
    IS_NAN(elementwise("IsNaN", 9, 1, ElementwiseInference::classification)),
    LABEL_ENCODER(ofDomain(Opset.ML_DOMAIN, "LabelEncoder", Opset.ML_VERSION, 1, TextInference::encoded)
            .with(
                    real("default_float"),
                    integer("default_int64"),
                    text("default_string"),
                    reals("keys_floats"),
                    integers("keys_int64s"),
                    texts("keys_strings"),
                    reals("values_floats"),
                    integers("values_int64s"),
                    texts("values_strings"))),
    LAYER_NORMALIZATION(other("LayerNormalization", 17, 2, ElementwiseInference::floating)
            .upTo(3)
            .with(integer("axis"), real("epsilon"), integer("stash_type"))),
    LEAKY_RELU(elementwise("LeakyRelu", 6, 1, ElementwiseInference::floating)
            .with(real("alpha"))
            .typesSince(16, BFLOAT16)),
    LESS(elementwise("Less", 7, 2, ElementwiseInference::comparison)
            .evaluated(ConstantEvaluator.comparison((x, y) -> x < y))
            .tracked(SymbolicContents.binary(Quantity::below))),
    LESS_OR_EQUAL(elementwise("LessOrEqual", 12, 2, ElementwiseInference::comparison)
            .evaluated(ConstantEvaluator.comparison((x, y) -> x <= y))
            .tracked(SymbolicContents.binary(Quantity::atMost))
            .typesSince(16, BFLOAT16)),
    LOG(elementwise("Log", 6, 1, ElementwiseInference::floating)),
    LOG_SOFTMAX(other("LogSoftmax", 13, 1, ElementwiseInference::floating).with(integer("axis"))),
    LOOP(other("Loop", 11, 2, ControlFlowInference::loop).orMore().with(graph("body"))),
    LRN(other("LRN", 1, 1, ElementwiseInference::floating)
            .with(real("alpha"), real("beta"), real("bias"), integer("size"))),
    LSTM(recurrent("LSTM", 4, 8, FLOAT, DOUBLE).with(integer("input_forget"))),
    MAT_MUL(other("MatMul", 1, 2, ReductionInference::matMul)),
    MAX(elementwise("Max", 8, 2, ElementwiseInference::arithmetic)
            .evaluated(IndexEvaluator.exact(Math::max))
            .tracked(SymbolicContents.binary(Quantity::larger))),
    MAX_POOL(other("MaxPool", 12, 1, WindowInference::pool)
            .with(
                    text("auto_pad"),
                    integer("ceil_mode"),
                    integers("dilations"),
                    integers("kernel_shape"),
                    integers("pads"),
                    integer("storage_order"),
                    integers("strides"))
            .typesSince(22, BFLOAT16)),
    /** {@link #MAX_POOL} with its second output: for each element its index in the input. */
    MAX_POOL_WITH_PLACES(other("MaxPool", 12, 1, WindowInference::poolWithPlaces)
            .with(
                    text("auto_pad"),
                    integer("ceil_mode"),
                    integers("dilations"),
                    integers("kernel_shape"),
                    integers("pads"),
                    integer("storage_order"),
                    integers("strides"))
            .typesSince(22, BFLOAT16)),
    MIN(elementwise("Min", 8, 2, ElementwiseInference::arithmetic)
            .evaluated(IndexEvaluator.exact(Math::min))
            .tracked(SymbolicContents.binary(Quantity::smaller))),
    MOD(elementwise("Mod", 10, 2, ElementwiseInference::arithmetic)
            .with(integer("fmod"))
            .tracked(SymbolicContents::remainder)),
    MUL(elementwise("Mul", 7, 2, ElementwiseInference::arithmetic)
            .typesSince(14, INT8, UINT8, INT16, UINT16)
            .evaluated(ConstantEvaluator.binary((x, y) -> x * y, (x, y) -> x * y))
            .tracked(SymbolicContents.binary(Quantity::times))),
    NEG(elementwise("Neg", 6, 1, ElementwiseInference::numeric)
            .evaluated(ConstantEvaluator.unary(x -> -x))
            .tracked(SymbolicContents.unary(Quantity::negated))),
    NON_MAX_SUPPRESSION(
            other("NonMaxSuppression", 10, 5, IndexInference::nonMaxSuppression).with(integer("center_point_box"))),
    NON_ZERO(other("NonZero", 9, 1, IndexInference::nonZero).evaluated(IndexEvaluator::nonZero)),
    NOT(elementwise("Not", 1, 1, ElementwiseInference::logical)
            .evaluated(IndexEvaluator::not)
            .tracked(SymbolicContents.unary(Quantity::not))),
    OR(elementwise("Or", 7, 2, ElementwiseInference::logical)
            .evaluated(IndexEvaluator.exact((x, y) -> x | y))
            .tracked(SymbolicContents.binary(Quantity::larger))),
    P_RELU(elementwise("PRelu", 9, 2, ElementwiseInference::arithmetic).typesSince(16, BFLOAT16)),
    PAD(moving("Pad", 11, 3, ArrayInference::pad)
            .with(text("mode"))
            .evaluated(IndexEvaluator::pad)
            .tracked(SymbolicContents.moved(input -> input != 1))),
    POW(elementwise("Pow", 12, 2, ElementwiseInference::arithmetic)),
    RANGE(other("Range", 11, 3, IndexInference::range).evaluated(IndexEvaluator::range)),
    RECIPROCAL(elementwise("Reciprocal", 6, 1, ElementwiseInference::floating)
            .evaluated(ConstantEvaluator.unary(x -> 1 / x))),
    REDUCE_MAX(reducing("ReduceMax")
            .with(integer("noop_with_empty_axes").since(18))
            .attributeBefore(18, integers("axes"))
            .typesSince(20, BOOL)
            .tracked(SymbolicContents.reduced(Optional.empty(), Quantity::larger))),
    REDUCE_MEAN(reducing("ReduceMean")
            .with(integer("noop_with_empty_axes").since(18))
            .attributeBefore(18, integers("axes"))),
    REDUCE_MIN(reducing("ReduceMin")
            .with(integer("noop_with_empty_axes").since(18))
            .attributeBefore(18, integers("axes"))
            .typesSince(20, BOOL)
            .tracked(SymbolicContents.reduced(Optional.empty(), Quantity::smaller))),
    REDUCE_PROD(reducing("ReduceProd")
            .with(integer("noop_with_empty_axes").since(18))
            .attributeBefore(18, integers("axes"))
            .tracked(SymbolicContents.reduced(Optional.of(Quantity.ONE), Quantity::times))),
    REDUCE_SUM(reducing("ReduceSum")
            .with(integer("noop_with_empty_axes"))
            .tracked(SymbolicContents.reduced(Optional.of(Quantity.ZERO), Quantity::plus))),
    REGEX_FULL_MATCH(other("RegexFullMatch", 20, 1, TextInference::matched).with(text("pattern"))),
    RELU(elementwise("Relu", 6, 1, ElementwiseInference::numeric).typesSince(14, INT8, INT16, INT32, INT64)),
    RESHAPE(moving("Reshape", 5, 2, ArrayInference::reshape)
            .with(integer("allowzero").since(14))
            .evaluated(ConstantEvaluator::reshape)
            .tracked(SymbolicContents::first)),
    RESIZE(other("Resize", 13, 4, IndexInference::resize)
            .with(
                    integer("antialias").since(18),
                    integers("axes").since(18),
                    text("coordinate_transformation_mode"),
                    real("cubic_coeff_a"),
                    integer("exclude_outside"),
                    real("extrapolation_value"),
                    text("keep_aspect_ratio_policy").since(18),
                    text("mode"),
                    text("nearest_mode"))),
    REVERSE_SEQUENCE(moving("ReverseSequence", 10, 2, ElementwiseInference::first)
            .with(integer("batch_axis"), integer("time_axis"))),
    RNN(recurrent("RNN", 1, 6, FLOAT)),
    ROUND(elementwise("Round", 11, 1, ElementwiseInference::floating)
            .evaluated(ConstantEvaluator.unary(Math::rint))
            .typesSince(22, BFLOAT16)),
    SCAN(other("Scan", 11, 1, ControlFlowInference::scan)
            .orMore()
            .with(
                    graph("body"),
                    integer("num_scan_inputs"),
                    integers("scan_input_axes"),
                    integers("scan_input_directions"),
                    integers("scan_output_axes"),
                    integers("scan_output_directions"))
            .typesSince(16, BFLOAT16)),
    SCATTER_ELEMENTS(other("ScatterElements", 11, 3, ElementwiseInference::first)
            .with(integer("axis"), text("reduction").since(16).withTextsSince(18, "max", "min"))
            .evaluated(IndexEvaluator::scatterElements)
            .tracked(SymbolicContents.moved(input -> input != 1))),
    SCATTER_ND(other("ScatterND", 11, 3, ElementwiseInference::first)
            .with(text("reduction").since(16).withTextsSince(18, "max", "min"))
            .evaluated(IndexEvaluator::scatterNd)
            .tracked(SymbolicContents.moved(input -> input != 1))),
    SELU(elementwise("Selu", 6, 1, ElementwiseInference::floating)
            .with(real("alpha"), real("gamma"))
            .typesSince(22, BFLOAT16)),
    SHAPE(other("Shape", 1, 1, ArrayInference::shape)
            .with(integer("end").since(15), integer("start").since(15))
            .tracked(SymbolicContents::shape)),
    SIGMOID(elementwise("Sigmoid", 6, 1, ElementwiseInference::floating)),
    SIGN(elementwise("Sign", 9, 1, ElementwiseInference::numeric)),
    SIN(elementwise("Sin", 7, 1, ElementwiseInference::floating).typesSince(22, BFLOAT16)),
    SINH(elementwise("Sinh", 9, 1, ElementwiseInference::floating).typesSince(22, BFLOAT16)),
    SLICE(moving("Slice", 10, 5, ArrayInference::slice)
            .evaluated(ConstantEvaluator::slice)
            .tracked(SymbolicContents.moved(input -> input == 0))),
    SOFTMAX(other("Softmax", 13, 1, ElementwiseInference::floating).with(integer("axis"))),
    SOFTPLUS(elementwise("Softplus", 1, 1, ElementwiseInference::floating).typesSince(22, BFLOAT16)),
    SPLIT(moving("Split", 13, 2, ArrayInference::split)
            .with(integer("axis"), integer("num_outputs").since(18))),
    SQRT(elementwise("Sqrt", 6, 1, ElementwiseInference::floating).evaluated(ConstantEvaluator.unary(Math::sqrt))),
    SQUEEZE(moving("Squeeze", 13, 2, ArrayInference::squeeze)
            .evaluated(ConstantEvaluator::reshape)
            .tracked(SymbolicContents::first)),
    STRING_CONCAT(other("StringConcat", 20, 2, TextInference::concatenated)),
    STRING_NORMALIZER(other("StringNormalizer", 10, 1, TextInference::normalized)
            .with(text("case_change_action"), integer("is_case_sensitive"), text("locale"), texts("stopwords"))),
    STRING_SPLIT(other("StringSplit", 20, 1, TextInference::split).with(text("delimiter"), integer("maxsplit"))),
    SUB(elementwise("Sub", 7, 2, ElementwiseInference::arithmetic)
            .typesSince(14, INT8, UINT8, INT16, UINT16)
            .evaluated(ConstantEvaluator.binary((x, y) -> x - y, (x, y) -> x - y))
            .tracked(SymbolicContents.binary(Quantity::minus))),
    TAN(elementwise("Tan", 7, 1, ElementwiseInference::floating).typesSince(22, BFLOAT16)),
    TANH(elementwise("Tanh", 6, 1, ElementwiseInference::floating)),
    TILE(moving("Tile", 6, 2, ArrayInference::tile)
            .evaluated(IndexEvaluator::tile)
            .tracked(SymbolicContents.moved(input -> input == 0))),
    TOP_K(other("TopK", 11, 2, IndexInference::topK).with(integer("axis"), integer("largest"), integer("sorted"))),
    TRANSPOSE(moving("Transpose", 1, 1, ArrayInference::transpose)
            .with(integers("perm"))
            .evaluated(ConstantEvaluator::transpose)
            .tracked(SymbolicContents.moved(input -> input == 0))),
    UNIQUE(other("Unique", 11, 1, IndexInference::unique)
            .with(integer("axis"), integer("sorted"))
            .kernelsOnlyFor(1, FLOAT, DOUBLE, INT64, INT8, STRING)),
    UNSQUEEZE(moving("Unsqueeze", 13, 2, ArrayInference::unsqueeze)
            .evaluated(ConstantEvaluator::reshape)
            .tracked(SymbolicContents::first)),
    WHERE(elementwise("Where", 9, 3, ElementwiseInference::where)
            .evaluated(ConstantEvaluator::where)
            .tracked(SymbolicContents::where));

    private static OpFacts recurrent(String name, int gates, int inputs, OnnxType... kernels) {
        return other(name, 7, 3, (values, attributes) -> RecurrentInference.layer(gates, values, attributes))
                .upTo(inputs)
                .with(
                        reals("activation_alpha"),
                        reals("activation_beta"),
                        texts("activations"),
                        real("clip"),
                        text("direction"),
                        integer("hidden_size"),
                        integer("layout").since(14))
                .kernelsOnlyFor(ALL_INPUTS, kernels)
                .typesSince(22, BFLOAT16);
    }

    private final OpFacts facts;

    StandardOp(OpFacts facts) {
        this.facts = facts;
    }

    /**
     * The first opset of its domain in which a form of the operator exists that can be written, apart from newer element types and
     * attributes.
     */
    public int since() {
        return facts.since();
    }

    /** The oldest opset in which a node of this operator can be written, by its element type and attributes. */
    public int firstOpset(Node node) {
        int first = Math.max(facts.since(), Opset.OLDEST);
        if (!node.inputs().isEmpty()) {
            first = Math.max(first, newerTypes().getOrDefault(node.input(0).element(), Opset.OLDEST));
        }
        for (AttributeSpec attribute : attributes()) {
            Attribute value = node.attributes().byName().get(attribute.name());
            first = value == null ? first : Math.max(first, attribute.firstOpset(value));
        }
        return first;
    }

    /** The element types that its first input may have only from a later opset on, with that opset. */
    public Map<OnnxType, Integer> newerTypes() {
        return facts.newerTypes();
    }

    /** The form of the operator in older opsets, if it differs. */
    public Optional<OlderForm> olderForm() {
        return facts.olderForm();
    }

    /** The element types for which ONNX Runtime has kernels; empty if it has them for every type that ONNX allows. */
    public Optional<KernelTypes> kernelTypes() {
        return facts.kernels();
    }

    @Override
    public boolean isElementwise() {
        return facts.kind() == OpKind.ELEMENTWISE;
    }

    /**
     * Whether every element of its results is an unchanged element of its inputs, at an index that does not depend on the
     * first input.
     */
    public boolean movesElements() {
        return facts.kind() == OpKind.MOVES_ELEMENTS;
    }

    /** Whether it reduces the axes that its second input holds. */
    public boolean reducesAxes() {
        return facts.kind() == OpKind.REDUCES;
    }

    /** Whether its result can be computed at conversion time, to the bit, if its inputs are constants. */
    public boolean isEvaluated() {
        return facts.evaluation().isPresent();
    }

    Optional<ConstantEvaluator.Evaluation> evaluation() {
        return facts.evaluation();
    }

    Optional<SymbolicContents.Rule> contents() {
        return facts.contents();
    }

    @Override
    public List<AttributeSpec> attributes() {
        return facts.attributes();
    }

    @Override
    public String opName() {
        return facts.name();
    }

    @Override
    public String domain() {
        return facts.domain();
    }

    @Override
    public int minInputs() {
        return facts.minInputs();
    }

    @Override
    public int maxInputs() {
        return facts.maxInputs();
    }

    @Override
    public List<TensorType> infer(List<Value> inputs, Attributes attributes) {
        return facts.inference().infer(inputs, attributes);
    }
}
