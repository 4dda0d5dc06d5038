package io.portolan.converter.source;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.tensorflow.OpSignatures;
import io.portolan.converter.tensorflow.TensorName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.Session;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.types.TString;

/**
 * The state that a SavedModel has beside its graph: the values of variables, and what initialises tables.
 *
 * @param folder of the SavedModel
 * @param saved the graph with the names of the nodes that restore it
 */
record SavedState(Path folder, MetaGraphDef saved) {
    /** The signature that TensorFlow adds to every SavedModel to initialise its tables and variables. */
    static final String INITIALIZER = "__saved_model_init_op";

    /** The collections in which TensorFlow 1 names the node that does it. */
    private static final List<String> INITIALIZERS = List.of("saved_model_main_op", "legacy_init_op");

    private static final String ASSETS = "saved_model_assets";
    private static final String ASSET_FOLDER = "assets";

    /** In bytes; vocabularies have a few million words at most. */
    private static final long LARGEST_ASSET = 1 << 28;

    /** The nodes that restoring needs. */
    List<String> targets() {
        List<String> targets = new ArrayList<>();
        if (hasCheckpoint()) {
            targets.add(saved.getSaverDef().getRestoreOpName());
            targets.add(saved.getSaverDef().getFilenameTensorName());
        }
        initializer().ifPresent(targets::add);
        assets().forEach(asset -> targets.add(asset.getTensorInfo().getName()));
        return targets;
    }

    /**
     * Restores the variables, and runs the initialiser if there is one.
     *
     * @param outputs the tensors that will be computed
     * @throws ConversionException if TensorFlow cannot do it
     */
    void restore(Session session, Iterable<String> outputs) {
        try {
            if (hasCheckpoint()) {
                try (TString prefix = TString.scalarOf(checkpoint().toString())) {
                    session.runner()
                            .feed(saved.getSaverDef().getFilenameTensorName(), prefix)
                            .addTarget(saved.getSaverDef().getRestoreOpName())
                            .run()
                            .close();
                }
            }
        } catch (RuntimeException failure) {
            // TensorFlow's exceptions have no common superclass.
            throw new ConversionException(
                    folder + ": the variables cannot be restored: " + failure.getMessage(), failure);
        }
        initialize(session, outputs);
        if (Files.isRegularFile(index()) && saved.getObjectGraphDef().getNodesCount() > 0) {
            new TrackedVariables(saved, checkpoint()).restore(session);
        }
    }

    private void initialize(Session session, Iterable<String> outputs) {
        if (initializer().isEmpty()) {
            return;
        }
        Map<String, Path> files = new LinkedHashMap<>();
        assets().forEach(asset -> files.put(asset.getTensorInfo().getName(), file(asset)));
        OwnFiles.require(saved.getGraphDef(), files.keySet());
        Session.Runner runner = session.runner().addTarget(initializer().get());
        List<TString> paths = new ArrayList<>();
        files.forEach((tensor, file) -> {
            TString path = TString.scalarOf(file.toString());
            paths.add(path);
            runner.feed(tensor, path);
        });
        try {
            runner.run().close();
        } catch (RuntimeException failure) {
            // TensorFlow's exceptions have no common superclass.
            if (needsMoreThanVariables(outputs)) {
                throw new ConversionException(
                        folder + ": the tables of the SavedModel cannot be initialised: " + failure.getMessage(),
                        failure);
            }
        } finally {
            paths.forEach(TString::close);
        }
    }

    /** Whether outputs depend on any state besides variables, whose values are in the checkpoint. */
    private boolean needsMoreThanVariables(Iterable<String> outputs) {
        GraphDef graph = saved.getGraphDef();
        List<String> tensors = new ArrayList<>();
        outputs.forEach(tensors::add);
        Set<String> needed = GraphParts.ancestors(graph, tensors);
        OpSignatures signatures = new OpSignatures(graph.getLibrary());
        return graph.getNodeList().stream()
                .filter(node -> needed.contains(node.getName()))
                .anyMatch(node -> signatures.isStateful(node) && !Variables.holds(node) && !isCall(node));
    }

    private static boolean isCall(NodeDef node) {
        return node.getOp().equals("StatefulPartitionedCall");
    }

    /** A file of the folder, not one outside it. */
    private Path file(AssetFileDef asset) {
        Path assets = folder.toAbsolutePath().resolve(ASSET_FOLDER).normalize();
        Path file = assets.resolve(asset.getFilename()).normalize();
        if (!file.startsWith(assets)) {
            throw new ConversionException(
                    folder + ": names the asset " + asset.getFilename() + "; expected a file in " + ASSET_FOLDER + "/");
        }
        if (file.toFile().length() > LARGEST_ASSET) {
            throw new ConversionException(folder + ": the asset " + asset.getFilename() + " has "
                    + file.toFile().length() + " bytes; expected at most " + LARGEST_ASSET);
        }
        return file;
    }

    private boolean hasCheckpoint() {
        return Files.isRegularFile(index())
                && !saved.getSaverDef().getRestoreOpName().isEmpty();
    }

    private Path index() {
        return Path.of(checkpoint() + ".index");
    }

    private Path checkpoint() {
        return folder.toAbsolutePath().resolve("variables").resolve("variables");
    }

    private Optional<String> initializer() {
        SignatureDef signature = saved.getSignatureDefOrDefault(INITIALIZER, SignatureDef.getDefaultInstance());
        return Stream.concat(
                        INITIALIZERS.stream()
                                .map(name -> saved.getCollectionDefOrDefault(name, CollectionDef.getDefaultInstance()))
                                .flatMap(nodes -> nodes.getNodeList().getValueList().stream()),
                        signature.getOutputsMap().values().stream().map(TensorInfo::getName))
                .map(name -> TensorName.parse(name).node())
                .findFirst();
    }

    private List<AssetFileDef> assets() {
        if (saved.getAssetFileDefCount() > 0) {
            return saved.getAssetFileDefList();
        }
        List<AssetFileDef> assets = new ArrayList<>();
        for (Any asset : saved.getCollectionDefOrDefault(ASSETS, CollectionDef.getDefaultInstance())
                .getAnyList()
                .getValueList()) {
            try {
                assets.add(AssetFileDef.parseFrom(asset.getValue()));
            } catch (InvalidProtocolBufferException damaged) {
                throw new ConversionException(folder + ": the list of assets is damaged", damaged);
            }
        }
        return assets;
    }
}
