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
 * Puts nodes in the form of an opset. A graph speaks one form of each operator; {@link StandardOp} knows since when
 * there is that form, and what came before.
 */
final class OpsetForms {
    /** What a node is written with. */
    record Form(List<Value> inputs, Attributes attributes) {}

    private OpsetForms() {}

    /**
     * Makes sure that every node can be written.
     *
     * @throws OpsetException otherwise, with all operators that cannot
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

    /** How a node is written in an opset that has it. */
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
