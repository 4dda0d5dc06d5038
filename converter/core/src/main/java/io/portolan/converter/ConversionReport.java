package io.portolan.converter;

import io.portolan.converter.verify.OutputParity;
import java.util.List;
import java.util.Map;

/**
 * What a conversion did.
 *
 * @param opset the operator set that was written
 * @param inputs element type and shape by name
 * @param outputs element type and shape by name
 * @param operators how often each ONNX operator stands in the model
 * @param checked what ONNX's own checker said
 * @param parity how well each output agrees with TensorFlow; empty if they were not compared
 * @param nodes what became of each TensorFlow node
 */
public record ConversionReport(
        int opset,
        Map<String, String> inputs,
        Map<String, String> outputs,
        Map<String, Integer> operators,
        String checked,
        List<OutputParity> parity,
        List<NodeReport> nodes) {

    /** What became of a TensorFlow node. */
    public enum Outcome {
        /** Operators of the model stem from it. */
        CONVERTED,
        /** It was a constant, or what it became was computed at once, merged with others or found to be without effect. */
        SIMPLIFIED,
        /** It called a function, whose nodes took its place. */
        INLINED
    }

    /**
     * What became of one TensorFlow node.
     *
     * @param name the node's name, behind those of the loops and branches that it stands in
     * @param op the TensorFlow op
     * @param translatedTo the operators it was translated to
     * @param written the operators of the finished model that stem from it
     */
    public record NodeReport(
            String name, String op, Outcome outcome, List<String> translatedTo, List<String> written) {}

    /** Whether every output that was compared agrees. */
    public boolean passed() {
        return parity.stream().allMatch(OutputParity::passed);
    }
}
