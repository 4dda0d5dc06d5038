package io.portolan.converter.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.verify.TensorRuns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares the declared types and shapes of all values of a model with those at run time. */
final class DeclaredTypes {
    /** A number, a symbol, or a product of them. */
    private static final Pattern FACTORS = Pattern.compile("[^*]+");

    private DeclaredTypes() {}

    /** Runs a model with all its values as outputs; open sizes of its inputs are fed the batch. */
    static void check(OnnxMl.ModelProto model, Map<String, TensorData> feeds, long batch) {
        Map<String, OnnxMl.ValueInfoProto> declared = new HashMap<>();
        model.getGraph().getOutputList().forEach(info -> declared.put(info.getName(), info));
        model.getGraph().getValueInfoList().forEach(info -> declared.put(info.getName(), info));
        OnnxMl.ModelProto.Builder open = model.toBuilder();
        open.getGraphBuilder().clearOutput();
        List<OnnxMl.ValueInfoProto> values = new ArrayList<>();
        for (OnnxMl.NodeProto node : model.getGraph().getNodeList()) {
            for (String output : node.getOutputList()) {
                assertThat(declared)
                        .as("declaration of %s of node %s", output, node.getName())
                        .containsKey(output);
                values.add(declared.get(output));
                open.getGraphBuilder().addOutput(declared.get(output));
            }
        }
        Map<String, Long> symbols = new HashMap<>();
        model.getGraph()
                .getInputList()
                .forEach(input -> input.getType()
                        .getTensorType()
                        .getShape()
                        .getDimList()
                        .forEach(dim -> symbols.put(dim.getDimParam(), batch)));
        List<TensorData> results = TensorRuns.onnx(open.build().toByteArray(), feeds);
        for (int i = 0; i < values.size(); i++) {
            compare(values.get(i), results.get(i), symbols);
        }
    }

    private static void compare(OnnxMl.ValueInfoProto declared, TensorData actual, Map<String, Long> symbols) {
        OnnxMl.TypeProto.Tensor type = declared.getType().getTensorType();
        assertThat(type.getElemType())
                .as("element type of %s", declared.getName())
                .isEqualTo(actual.type().number());
        List<OnnxMl.TensorShapeProto.Dimension> dims = type.getShape().getDimList();
        assertThat(dims).as("rank of %s", declared.getName()).hasSize(actual.shape().length);
        for (int axis = 0; axis < dims.size(); axis++) {
            assertThat(size(dims.get(axis), actual.shape()[axis], symbols))
                    .as("axis %d of %s, declared %s", axis, declared.getName(), dims.get(axis))
                    .isEqualTo(actual.shape()[axis]);
        }
    }

    /** What a declared dimension comes to; a symbol that stands alone and was not seen before is what it turns out to be. */
    private static long size(OnnxMl.TensorShapeProto.Dimension dim, long actual, Map<String, Long> symbols) {
        if (dim.hasDimValue()) {
            return dim.getDimValue();
        }
        assertThat(dim.getDimParam()).as("a symbol").isNotEmpty();
        if (!dim.getDimParam().contains("*")) {
            symbols.putIfAbsent(dim.getDimParam(), actual);
        }
        long product = 1;
        for (Matcher factor = FACTORS.matcher(dim.getDimParam()); factor.find(); ) {
            product *= Character.isDigit(factor.group().charAt(0))
                    ? Long.parseLong(factor.group())
                    : symbols.get(factor.group());
        }
        return product;
    }
}
