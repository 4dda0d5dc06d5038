package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.Attribute;
import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.tensorflow.HandlerRegistry;
import io.portolan.converter.tensorflow.NodeContext;
import java.util.Map;
import java.util.stream.LongStream;

/** Ops that compute element by element on real tensors, and the linear ones of them on complex tensors too. */
final class ElementwiseHandlers {
    private static final Map<String, StandardOp> UNARY = Map.ofEntries(
            Map.entry("Abs", StandardOp.ABS),
            Map.entry("Atan", StandardOp.ATAN),
            Map.entry("Ceil", StandardOp.CEIL),
            Map.entry("Cos", StandardOp.COS),
            Map.entry("Elu", StandardOp.ELU),
            Map.entry("Erf", StandardOp.ERF),
            Map.entry("Floor", StandardOp.FLOOR),
            Map.entry("Log", StandardOp.LOG),
            Map.entry("LogicalNot", StandardOp.NOT),
            Map.entry("Relu", StandardOp.RELU),
            Map.entry("Rint", StandardOp.ROUND),
            Map.entry("Round", StandardOp.ROUND),
            Map.entry("Selu", StandardOp.SELU),
            Map.entry("Sigmoid", StandardOp.SIGMOID),
            Map.entry("Sign", StandardOp.SIGN),
            Map.entry("Sin", StandardOp.SIN),
            Map.entry("Softplus", StandardOp.SOFTPLUS),
            Map.entry("Sqrt", StandardOp.SQRT),
            Map.entry("Tan", StandardOp.TAN),
            Map.entry("Tanh", StandardOp.TANH));

    private static final Map<String, StandardOp> BINARY = Map.ofEntries(
            Map.entry("Equal", StandardOp.EQUAL),
            Map.entry("Greater", StandardOp.GREATER),
            Map.entry("GreaterEqual", StandardOp.GREATER_OR_EQUAL),
            Map.entry("Less", StandardOp.LESS),
            Map.entry("LessEqual", StandardOp.LESS_OR_EQUAL),
            Map.entry("LogicalAnd", StandardOp.AND),
            Map.entry("LogicalOr", StandardOp.OR),
            Map.entry("Maximum", StandardOp.MAX),
            Map.entry("Minimum", StandardOp.MIN),
            Map.entry("Pow", StandardOp.POW));

    private ElementwiseHandlers() {}

    /** Adds this family. */
    static void register(HandlerRegistry.Builder table) {
        UNARY.forEach((name, op) -> table.real(name, node -> node.builder().apply(op, node.input(0))));
        BINARY.forEach((name, op) -> table.real(name, node -> node.builder().apply(op, node.input(0), node.input(1))));
        table.partwise("Add", node -> node.builder().add(node.input(0), node.input(1)))
                .partwise("AddV2", node -> node.builder().add(node.input(0), node.input(1)))
                .partwise("Sub", node -> node.builder().sub(node.input(0), node.input(1)))
                .partwise("Neg", node -> node.builder().neg(node.input(0)))
                .partwise("AddN", ElementwiseHandlers::addN)
                .partwise("Select", ElementwiseHandlers::select)
                .partwise("SelectV2", node -> choose(node.builder(), node.input(0), node.input(1), node.input(2)))
                .real("SquaredDifference", ElementwiseHandlers::squaredDifference)
                .real("Rsqrt", ElementwiseHandlers::reciprocalRoot)
                .real("NotEqual", ElementwiseHandlers::notEqual)
                .real("Relu6", ElementwiseHandlers::relu6)
                .real("LeakyRelu", ElementwiseHandlers::leakyRelu)
                .real("ClipByValue", ElementwiseHandlers::clip)
                .real("Expm1", node -> SpecialFunctions.expm1(node.builder(), node.input(0)))
                .real("Log1p", node -> SpecialFunctions.log1p(node.builder(), node.input(0)))
                .real("Atan2", node -> SpecialFunctions.atan2(node.builder(), node.input(0), node.input(1)));
    }

    private static Value addN(NodeContext node) {
        return node.inputs(0, node.inputCount()).stream().reduce(node.builder()::add).orElseThrow();
    }

    /** The older of the two selections, whose vector condition chooses among whole rows. */
    private static Value select(NodeContext node) {
        GraphBuilder b = node.builder();
        Value condition = node.input(0);
        int rank = node.input(1).rank();
        if (condition.rank() == 1 && rank > 1) {
            condition = b.unsqueeze(condition, LongStream.range(1, rank).toArray());
        }
        return choose(b, condition, node.input(1), node.input(2));
    }

    /** Where, which no runtime has for truth values. */
    private static Value choose(GraphBuilder b, Value condition, Value yes, Value no) {
        if (yes.element() != OnnxType.BOOL) {
            return b.where(condition, yes, no);
        }
        Value whenTrue = b.apply(StandardOp.AND, condition, yes);
        Value whenFalse = b.apply(StandardOp.AND, b.apply(StandardOp.NOT, condition), no);
        return b.apply(StandardOp.OR, whenTrue, whenFalse);
    }

    private static Value squaredDifference(NodeContext node) {
        Value difference = node.builder().sub(node.input(0), node.input(1));
        return node.builder().mul(difference, difference);
    }

    private static Value reciprocalRoot(NodeContext node) {
        GraphBuilder b = node.builder();
        return b.apply(StandardOp.RECIPROCAL, b.apply(StandardOp.SQRT, node.input(0)));
    }

    private static Value notEqual(NodeContext node) {
        GraphBuilder b = node.builder();
        return b.apply(StandardOp.NOT, b.apply(StandardOp.EQUAL, node.input(0), node.input(1)));
    }

    private static Value relu6(NodeContext node) {
        Value x = node.input(0);
        return node.builder().apply(StandardOp.CLIP, x, node.builder().like(x, 0), node.builder().like(x, 6));
    }

    private static Value leakyRelu(NodeContext node) {
        float alpha = (float) node.real("alpha", 0.2f);
        return node.builder().apply(StandardOp.LEAKY_RELU, Attributes.NONE.with("alpha", new Attribute.Real(alpha)),
                node.input(0));
    }

    private static Value clip(NodeContext node) {
        GraphBuilder b = node.builder();
        return b.apply(StandardOp.MIN, b.apply(StandardOp.MAX, node.input(0), node.input(1)), node.input(2));
    }
}
