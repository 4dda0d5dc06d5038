package io.portolan.converter.source;

import io.portolan.checkpoints.files.InputFile;
import io.portolan.checkpoints.values.Quotation;
import io.portolan.converter.lowering.ConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/** Loads SavedModel folders. */
public final class SavedModels {
    /** The signature that is used if none is named. */
    public static final String DEFAULT_SIGNATURE = "serving_default";

    /** The depth to check: variables are one folder down, asset files one or two. */
    private static final int DEPTH = 4;

    private SavedModels() {}

    /** Whether a folder looks like a SavedModel. */
    public static boolean isSavedModel(Path folder) {
        return SavedModelFile.isIn(folder);
    }

    /**
     * Loads a SavedModel; nothing in the folder is changed. JAX programs in it are rewritten, so that this version of TensorFlow can run them.
     *
     * @param tags the tags of the graph, usually {@code serve}
     * @param signature the signature; if empty, {@value #DEFAULT_SIGNATURE}, or the only one
     * @throws ConversionException if there is no such graph or signature; the message lists those that exist
     * @throws IOException if the folder cannot be read, or holds pipes or devices
     */
    public static TensorFlowModel open(Path folder, List<String> tags, Optional<String> signature) throws IOException {
        requireFiles(folder);
        MetaGraphDef saved = SavedModelFile.read(folder, tags);
        SignatureDef chosen = chosen(saved.getSignatureDefMap(), signature, folder);
        return load(folder, saved, names(chosen.getInputsMap()), names(chosen.getOutputsMap()), declared(chosen));
    }

    /**
     * Loads the part of a SavedModel between given tensors instead of those of a signature.
     *
     * @param inputs tensors, {@code node} or {@code node:1}: what computes them is left out; if empty, all placeholders that the
     *     outputs depend on
     * @param outputs tensors
     */
    public static TensorFlowModel open(Path folder, List<String> tags, List<String> inputs, List<String> outputs)
            throws IOException {
        requireFiles(folder);
        MetaGraphDef saved = SavedModelFile.read(folder, tags);
        GraphEnds ends = GraphEnds.of(folder.toString(), saved.getGraphDef(), inputs, outputs);
        return load(folder, saved, ends.inputs(), ends.outputs(), Map.of());
    }

    private static TensorFlowModel load(
            Path folder,
            MetaGraphDef saved,
            Map<String, String> inputs,
            Map<String, String> outputs,
            Map<String, TensorInfo> declared) {
        SavedState state = new SavedState(folder, saved);
        return ModelGraph.of(folder.toString(), saved.getGraphDef(), declared)
                .load(inputs, outputs, state.targets(), session -> state.restore(session, outputs.keySet()));
    }

    private static Map<String, TensorInfo> declared(SignatureDef signature) {
        Map<String, TensorInfo> declared = new HashMap<>();
        signature.getInputsMap().values().forEach(info -> declared.put(info.getName(), info));
        return declared;
    }

    /** Rejects anything but regular files, because TensorFlow would open pipes and devices. */
    private static void requireFiles(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder, DEPTH)) {
            for (Path path : paths.toList()) {
                InputFile.require(path);
            }
        }
    }

    private static SignatureDef chosen(Map<String, SignatureDef> signatures, Optional<String> wanted, Path folder) {
        Map<String, SignatureDef> usable = new TreeMap<>(signatures);
        usable.remove(SavedState.INITIALIZER);
        String name =
                wanted.orElse(usable.size() == 1 ? usable.keySet().iterator().next() : DEFAULT_SIGNATURE);
        if (!usable.containsKey(name)) {
            throw new ConversionException(
                    folder + ": there is no signature " + Quotation.of(name) + "; choose one of "
                            + usable.keySet().stream().map(Quotation::of).collect(Collectors.joining(", ")),
                    ConversionException.Remedy.CHOOSE_SIGNATURE);
        }
        return usable.get(name);
    }

    /** Tensor to name, in alphabetical order of names: a protobuf map has no order. */
    private static Map<String, String> names(Map<String, TensorInfo> tensors) {
        Map<String, String> names = new LinkedHashMap<>();
        new TreeMap<>(tensors).forEach((name, tensor) -> {
            if (names.putIfAbsent(tensor.getName(), name) != null) {
                throw new ConversionException("The signature names the tensor " + tensor.getName() + " twice: as "
                        + names.get(tensor.getName()) + " and as " + name);
            }
        });
        return names;
    }
}
