package io.portolan.converter.xla;

import io.portolan.converter.lowering.ConversionException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.NodeDefOrBuilder;

/** SavedModels with JAX programs in them, which jax2tf writes in a form that is newer than TensorFlow 2.18. */
public final class XlaSavedModels {
    private XlaSavedModels() {}

    /** The programs in a graph and in its functions. */
    public static List<XlaCallModuleNode> programs(GraphDef graph) {
        List<XlaCallModuleNode> programs = new ArrayList<>();
        Stream.concat(
                        graph.getNodeList().stream(),
                        graph.getLibrary().getFunctionList().stream().flatMap(each -> each.getNodeDefList().stream()))
                .filter(XlaSavedModels::isProgram)
                .forEach(node -> programs.add(XlaCallModuleNode.of(node)));
        return programs;
    }

    /**
     * Replaces the programs in a graph by ones that compute the same and that TensorFlow 2.18 can run. Programs that cannot be read stay as
     * they are: some, such as gradients, may not be needed.
     */
    public static void makeReadable(GraphDef.Builder graph) {
        graph.getNodeBuilderList().forEach(XlaSavedModels::replace);
        graph.getLibraryBuilder()
                .getFunctionBuilderList()
                .forEach(function -> function.getNodeDefBuilderList().forEach(XlaSavedModels::replace));
    }

    private static void replace(NodeDef.Builder node) {
        if (!isProgram(node)) {
            return;
        }
        try {
            NodeDef readable = XlaCallModuleNode.readable(node.build());
            node.clear().mergeFrom(readable);
        } catch (ConversionException unreadable) {
            // TensorFlow says so if it is needed.
            return;
        }
    }

    private static boolean isProgram(NodeDefOrBuilder node) {
        return node.getOp().equals(XlaCallModuleNode.OP);
    }
}
