package io.portolan.converter.onnx;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Converts nodes to the form of an opset. A graph holds one form of each operator; {@link StandardOp} tells since which opset that
 * form exists, and the form before it.
 */
final class OpsetForms {
    /** The inputs and attributes that a node is written with. */
    record Form(List<Value> inputs, Attributes attributes) {}

    private OpsetForms() {}

    /**
     * Checks that every node can be written.
     *
     * @throws OpsetException otherwise, with all operators that cannot be written
     */
    static void requireWritable(OnnxGraph graph, Opset opset) {
        Map<String, Integer> missing = new TreeMap<>();
        for (Node node : graph.allNodes().toList()) {
            int first = ((StandardOp) node.op()).firstOpset(node);
            if (first > opset.version()) {
                missing.merge(node.op().opName() + " at " + node.name(), first, Math::max);
            }
        }
        if (!missing.isEmpty()) {
            throw new OpsetException(opset, missing);
        }
    }

    /** The form of a node in an opset that has its operator. */
    static Form of(Node node, Opset opset) {
        return ((StandardOp) node.op())
                .olderForm()
                .filter(older -> opset.version() < older.until())
                .map(older -> new Form(
                        node.inputs().subList(0, older.input()),
                        node.attributes().with(older.attribute().name(), older.asAttribute(node))))
                .orElseGet(() -> new Form(node.inputs(), node.attributes()));
    }
}
