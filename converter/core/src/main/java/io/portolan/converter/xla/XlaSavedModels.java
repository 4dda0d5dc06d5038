package io.portolan.converter.xla;

import io.portolan.converter.lowering.ConversionException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.NodeDefOrBuilder;
import org.tensorflow.proto.SavedModel;

/** SavedModels with JAX programs in them, which jax2tf writes in a form that is newer than TensorFlow 2.18. */
public final class XlaSavedModels {
    private static final String FILE = "saved_model.pb";

    private XlaSavedModels() {}

    /** A folder that is deleted when it is closed. */
    public record Copy(Path folder) implements Closeable {
        @Override
        public void close() throws IOException {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

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
     * A copy of a SavedModel that computes the same and that TensorFlow 2.18 can run; empty if there are no programs in it. Programs that
     * cannot be read stay as they are: some, such as gradients, may not be needed.
     *
     * @throws IOException if the folder cannot be read, or the copy not be written
     */
    public static Optional<Copy> readable(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        SavedModel.Builder model;
        try (InputStream in = Files.newInputStream(file)) {
            model = SavedModel.parseFrom(in).toBuilder();
        }
        boolean isChanged = false;
        for (MetaGraphDef.Builder graph : model.getMetaGraphsBuilderList()) {
            isChanged |= replace(graph.getGraphDefBuilder());
        }
        return isChanged ? Optional.of(copy(folder, model.build())) : Optional.empty();
    }

    private static boolean replace(GraphDef.Builder graph) {
        boolean isChanged = false;
        for (NodeDef.Builder node : graph.getNodeBuilderList()) {
            isChanged |= replace(node);
        }
        for (FunctionDef.Builder function : graph.getLibraryBuilder().getFunctionBuilderList()) {
            for (NodeDef.Builder node : function.getNodeDefBuilderList()) {
                isChanged |= replace(node);
            }
        }
        return isChanged;
    }

    private static boolean replace(NodeDef.Builder node) {
        if (!isProgram(node)) {
            return false;
        }
        try {
            NodeDef readable = XlaCallModuleNode.readable(node.build());
            node.clear().mergeFrom(readable);
            return true;
        } catch (ConversionException unreadable) {
            return false;
        }
    }

    private static boolean isProgram(NodeDefOrBuilder node) {
        return node.getOp().equals(XlaCallModuleNode.OP);
    }

    /** Files of variables and assets are linked, or copied where the file system has no links. */
    private static Copy copy(Path folder, SavedModel model) throws IOException {
        Copy copy = new Copy(Files.createTempDirectory("portolan"));
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.toList()) {
                Path target = copy.folder.resolve(folder.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else if (!path.equals(folder.resolve(FILE))) {
                    link(path, target);
                }
            }
            try (OutputStream out = Files.newOutputStream(copy.folder.resolve(FILE))) {
                model.writeTo(out);
            }
            return copy;
        } catch (IOException failure) {
            copy.close();
            throw failure;
        }
    }

    private static void link(Path path, Path target) throws IOException {
        try {
            Files.createSymbolicLink(target, path.toAbsolutePath());
        } catch (UnsupportedOperationException | IOException withoutLinks) {
            Files.copy(path, target);
        }
    }
}
