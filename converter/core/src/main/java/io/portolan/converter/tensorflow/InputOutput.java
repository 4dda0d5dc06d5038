package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/** The inputs and outputs of a model. ONNX has no complex tensors: theirs have a last axis of 2, the real and the imaginary part. */
final class InputOutput {
    private static final long PARTS = 2;

    private InputOutput() {}

    /**
     * Adds the input that a placeholder stands for.
     *
     * @param batch the size of a dynamic leading dimension
     */
    static TranslatedTensor input(OnnxGraph graph, NodeDef placeholder, String name, Dim batch) {
        TensorShapeProto shape = placeholder
                .getAttrOrDefault("shape", AttrValue.getDefaultInstance())
                .getShape();
        DataType type = placeholder
                .getAttrOrDefault("dtype", AttrValue.getDefaultInstance())
                .getType();
        boolean hasRank = placeholder.containsAttr("shape") && !shape.getUnknownRank();
        if (!placeholder.getOp().startsWith("Placeholder") || !hasRank) {
            throw new ConversionException(
                    "Node " + placeholder.getName() + " (" + placeholder.getOp()
                            + "): expected a placeholder with a shape of known rank as input " + name + "; give it one",
                    ConversionException.Remedy.GIVE_SHAPE);
        }
        List<Dim> dims = new ArrayList<>();
        for (TensorShapeProto.Dim dim : shape.getDimList()) {
            Dim open = dims.isEmpty() ? batch : Dim.symbol(name + "_" + dims.size());
            dims.add(dim.getSize() < 0 ? open : Dim.of(dim.getSize()));
        }
        OnnxType element = TensorFlowTypes.element(type);
        if (!TensorFlowTypes.isComplex(type)) {
            return new RealValue(graph.addInput(name, new TensorType(element, new TensorShape(dims))));
        }
        dims.add(Dim.of(PARTS));
        Value pairs = graph.addInput(name, new TensorType(element, new TensorShape(dims)));
        GraphBuilder b = new GraphBuilder(graph).scope(name);
        return new ComplexValue(part(b, pairs, 0), part(b, pairs, 1));
    }

    private static Value part(GraphBuilder b, Value pairs, int part) {
        return b.apply(
                StandardOp.GATHER,
                Attributes.of("axis", pairs.rank() - 1),
                pairs,
                b.constant(TensorData.scalar(OnnxType.INT64, part)));
    }

    /** The value of an output. */
    static Value output(OnnxGraph graph, String name, TranslatedTensor output) {
        if (output instanceof ComplexValue pair) {
            GraphBuilder b = new GraphBuilder(graph).scope(name);
            int axis = pair.re().rank();
            return b.concat(axis, b.unsqueeze(pair.re(), axis), b.unsqueeze(pair.im(), axis));
        }
        return ((RealValue) output).value();
    }
}
