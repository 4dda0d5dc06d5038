package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.FLOATING;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.ElementTypes.FLOAT_ONLY;
import static io.portolan.converter.tensorflow.ElementTypes.HALVES;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attribute;
import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.ArrayList;
import java.util.List;

/** Normalisations and losses. */
final class NormalizationHandlers {
    private static final String[] BATCH_NORM = {"epsilon", "data_format", "is_training"};

    static final List<OpDefinition> OPS = List.of(
            op("Softmax", FLOATING).real(node -> alongLastAxis(node.builder(), node.input(0), StandardOp.SOFTMAX)),
            op("LogSoftmax", FLOATING)
                    .real(node -> alongLastAxis(node.builder(), node.input(0), StandardOp.LOG_SOFTMAX)),
            op("SoftmaxCrossEntropyWithLogits", FLOATS)
                    .as(node -> crossEntropy(node.builder(), node.input(0), node.input(1))),
            op("SparseSoftmaxCrossEntropyWithLogits", FLOATS).as(NormalizationHandlers::sparseCrossEntropy),
            op("FusedBatchNorm", FLOAT_ONLY)
                    .limitedTo("inference")
                    .reads(BATCH_NORM)
                    .as(node -> batchNorm(node)),
            op("FusedBatchNormV2", FLOAT_ONLY.and(HALVES))
                    .limitedTo("inference")
                    .reads(BATCH_NORM)
                    .as(node -> batchNorm(node)),
            op("FusedBatchNormV3", FLOAT_ONLY.and(HALVES))
                    .limitedTo("inference")
                    .reads(BATCH_NORM)
                    .as(node -> batchNorm(node)),
            op("LRN", FLOAT_ONLY)
                    .reads("depth_radius", "bias", "alpha", "beta")
                    .real(NormalizationHandlers::acrossChannels));

    private NormalizationHandlers() {}

    private static Value alongLastAxis(GraphBuilder b, Value x, StandardOp op) {
        return b.apply(op, Attributes.of("axis", -1), x);
    }

    /** The loss of each row, and its gradient. */
    private static List<TranslatedTensor> crossEntropy(GraphBuilder b, Value logits, Value labels) {
        Value logarithms = alongLastAxis(b, logits, StandardOp.LOG_SOFTMAX);
        Value loss = b.neg(b.reduce(StandardOp.REDUCE_SUM, b.mul(labels, logarithms), false, 1));
        Value gradient = b.sub(alongLastAxis(b, logits, StandardOp.SOFTMAX), labels);
        return List.of(new RealValue(loss), new RealValue(gradient));
    }

    private static List<TranslatedTensor> sparseCrossEntropy(NodeContext node) {
        GraphBuilder b = node.builder();
        Value logits = node.input(0);
        Value classes = FillHandlers.positions(b, Shapes.size(b, logits, 1));
        Value hits = b.apply(StandardOp.EQUAL, b.unsqueeze(b.cast(node.input(1), OnnxType.INT64), 1), classes);
        return crossEntropy(b, logits, b.cast(hits, logits.element()));
    }

    static void requireInference(NodeContext node) {
        if (!node.hasAttribute("is_training") || node.flag("is_training")) {
            throw new IllegalArgumentException("expected is_training false: statistics of a batch are for training; "
                    + "build the graph for inference");
        }
    }

    /** Batch normalisation with the moments of training as inputs; the outputs after the first return these moments. */
    private static List<TranslatedTensor> batchNorm(NodeContext node) {
        requireInference(node);
        GraphBuilder b = node.builder();
        Attributes epsilon = Attributes.NONE.with("epsilon", new Attribute.Real((float) node.real("epsilon", 1e-4f)));
        boolean isLast = node.text("data_format", "NHWC").endsWith("C");
        Value x = node.input(0);
        int rank = x.rank();
        // The moments are floats whatever the type of x.
        Value wide = b.cast(x, node.input(1).element());
        Value first = isLast ? b.transpose(wide, Shapes.channelsFirst(rank)) : wide;
        Value y = b.apply(
                StandardOp.BATCH_NORMALIZATION,
                epsilon,
                first,
                node.input(1),
                node.input(2),
                node.input(3),
                node.input(4));
        List<TranslatedTensor> outputs = new ArrayList<>();
        outputs.add(new RealValue(b.cast(isLast ? b.transpose(y, Shapes.channelsLast(rank)) : y, x.element())));
        for (int i = 0; i < 2; i++) {
            outputs.add(node.imported(3));
            outputs.add(node.imported(4));
        }
        return outputs;
    }

    /** ONNX divides alpha by the number of channels in the window, TensorFlow does not. */
    private static Value acrossChannels(NodeContext node) {
        GraphBuilder b = node.builder();
        long size = 2 * node.integer("depth_radius", 5) + 1;
        Attributes attributes = Attributes.of("size", size)
                .with("alpha", new Attribute.Real((float) node.real("alpha", 1) * size))
                .with("beta", new Attribute.Real((float) node.real("beta", 0.5)))
                .with("bias", new Attribute.Real((float) node.real("bias", 1)));
        Value y = b.apply(StandardOp.LRN, attributes, b.transpose(node.input(0), Shapes.channelsFirst(4)));
        return b.transpose(y, Shapes.channelsLast(4));
    }
}
