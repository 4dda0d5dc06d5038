package io.portolan.converter;

import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.verify.OutputParity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The result of a conversion.
 *
 * @param opset the operator set that was written
 * @param inputs element type and shape by name
 * @param outputs element type and shape by name
 * @param operators the number of nodes of each ONNX operator in the model
 * @param checked the result of the ONNX checker
 * @param parity how well each output agrees with what it was converted from; empty if they were not compared
 * @param nodes what became of each TensorFlow node; empty for other sources
 */
public record ConversionReport(
        int opset,
        Map<String, String> inputs,
        Map<String, String> outputs,
        Map<String, Integer> operators,
        String checked,
        List<OutputParity> parity,
        List<NodeReport> nodes) {

    /** The outcome for one TensorFlow node. */
    public enum Outcome {
        /** The model has operators that come from it. */
        CONVERTED,
        /** It was a constant, or its operators were folded, merged with others or removed as having no effect. */
        SIMPLIFIED,
        /** It called a function, which was inlined. */
        INLINED
    }

    /**
     * The conversion of one TensorFlow node.
     *
     * @param name the node's name, prefixed with those of the loops and branches that contain it
     * @param op the TensorFlow op
     * @param translatedTo the operators it was translated to
     * @param written the operators of the finished model that come from it
     */
    public record NodeReport(
            String name, String op, Outcome outcome, List<String> translatedTo, List<String> written) {}

    /** The report on a finished graph. */
    static ConversionReport of(
            OnnxGraph graph, Opset opset, String checked, List<OutputParity> parity, List<NodeReport> nodes) {
        Map<String, String> inputs = new LinkedHashMap<>();
        graph.inputs().forEach(value -> inputs.put(value.name(), value.type().toString()));
        Map<String, String> outputs = new LinkedHashMap<>();
        graph.outputs().forEach((name, value) -> outputs.put(name, value.type().toString()));
        Map<String, Integer> operators = new TreeMap<>();
        graph.allNodes().forEach(node -> operators.merge(node.op().opName(), 1, Integer::sum));
        return new ConversionReport(opset.version(), inputs, outputs, operators, checked, parity, nodes);
    }

    /** Whether every compared output is within its tolerance. */
    public boolean passed() {
        return parity.stream().allMatch(OutputParity::passed);
    }
}
