package io.portolan.converter.source;

import io.portolan.checkpoints.files.InputFile;
import io.portolan.checkpoints.values.Quotation;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.xla.XlaSavedModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/** Loads SavedModel folders. */
public final class SavedModels {
    /** The signature that is used if none is named. */
    public static final String DEFAULT_SIGNATURE = "serving_default";

    /** The signature that TensorFlow adds to every SavedModel to initialise its variables. */
    private static final String INITIALIZER = "__saved_model_init_op";

    private static final List<String> FILES = List.of("saved_model.pb", "saved_model.pbtxt");

    /** The depth to check: variables are one folder down, asset files one or two. */
    private static final int DEPTH = 4;

    private SavedModels() {}

    /** Whether a folder looks like a SavedModel. */
    public static boolean isSavedModel(Path folder) {
        return FILES.stream().anyMatch(file -> Files.isRegularFile(folder.resolve(file)));
    }

    /**
     * Loads a SavedModel; nothing in the folder is changed. JAX programs in it are rewritten, in a copy that is deleted again, so that
     * this version of TensorFlow can run them.
     *
     * @param tags the tags of the graph, usually {@code serve}
     * @param signature the signature; if empty, {@value #DEFAULT_SIGNATURE}, or the only one
     * @throws ConversionException if there is no such graph or signature; the message lists those that exist
     * @throws IOException if the folder cannot be read, or holds pipes or devices
     */
    public static TensorFlowModel open(Path folder, List<String> tags, Optional<String> signature) throws IOException {
        requireFiles(folder);
        Optional<XlaSavedModels.Copy> copy = XlaSavedModels.readable(folder);
        SavedModelBundle bundle;
        try {
            bundle = load(folder, copy.map(XlaSavedModels.Copy::folder).orElse(folder), tags);
        } finally {
            if (copy.isPresent()) {
                copy.get().close();
            }
        }
        try {
            SignatureDef chosen = chosen(bundle.metaGraphDef().getSignatureDefMap(), signature, folder);
            return TensorFlowModel.of(
                    bundle.metaGraphDef().getGraphDef(),
                    bundle.session(),
                    names(chosen.getInputsMap()),
                    names(chosen.getOutputsMap()),
                    List.of(bundle::close));
        } catch (RuntimeException failure) {
            bundle.close();
            throw failure;
        }
    }

    /** Rejects anything but regular files, because TensorFlow would open pipes and devices. */
    private static void requireFiles(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder, DEPTH)) {
            for (Path path : paths.toList()) {
                InputFile.require(path);
            }
        }
    }

    private static SavedModelBundle load(Path folder, Path readable, List<String> tags) {
        try {
            return SavedModelBundle.loader(readable.toString())
                    .withTags(tags.toArray(String[]::new))
                    .withConfigProto(ProcessorSession.configuration())
                    .load();
        } catch (RuntimeException failure) {
            // TensorFlow's exceptions have no common superclass.
            throw new ConversionException(
                    folder + ": TensorFlow cannot load the SavedModel with tags " + tags + ": " + failure.getMessage(),
                    failure);
        }
    }

    private static SignatureDef chosen(Map<String, SignatureDef> signatures, Optional<String> wanted, Path folder) {
        Map<String, SignatureDef> usable = new TreeMap<>(signatures);
        usable.remove(INITIALIZER);
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
