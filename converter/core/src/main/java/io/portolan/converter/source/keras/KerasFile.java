package io.portolan.converter.source.keras;

import io.portolan.checkpoints.containers.MappedFile;
import io.portolan.checkpoints.containers.UnpackingLimits;
import io.portolan.checkpoints.containers.ZipArchive;
import io.portolan.checkpoints.containers.ZipMember;
import io.portolan.checkpoints.hdf5.Hdf5Contents;
import io.portolan.checkpoints.hdf5.Hdf5File;
import io.portolan.checkpoints.json.JsonDocument;
import io.portolan.checkpoints.stores.MemoryValue;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of a whole model: how its layers are described, and their weights.
 *
 * @param name how errors call the file
 * @param model the description in JSON
 * @param isBeforeKeras3 whether a Keras before 3 has written it
 * @param weights the weights
 * @param vocabularies the tokens that layers have learned, by the paths of the layers
 */
record KerasFile(
        String name,
        Object model,
        boolean isBeforeKeras3,
        StoredWeights weights,
        Map<String, List<String>> vocabularies) {
    private static final String CONFIG = "config.json";
    private static final String METADATA = "metadata.json";
    private static final String WEIGHTS = "model.weights.h5";
    private static final String MODEL_CONFIG = "model_config";
    private static final String VERSION = "keras_version";

    /**
     * Reads a file of either form.
     *
     * @throws CheckpointException if it is damaged, beyond the limits, or no whole model
     * @throws IOException if it cannot be read
     */
    static KerasFile read(Path file) throws IOException {
        ByteRegion bytes = MappedFile.region(file);
        String name = file.toString();
        ByteBuffer head = bytes.head(512);
        if (ZipArchive.MAGIC.matches(head)) {
            return archive(name, bytes);
        }
        if (Hdf5File.MAGIC.matches(head)) {
            return hdf5(name, bytes);
        }
        throw new CheckpointException(
                name + ": is neither a .keras archive nor an HDF5 file; expected a model that Keras has saved");
    }

    private static KerasFile archive(String name, ByteRegion bytes) throws IOException {
        UnpackingLimits limits = UnpackingLimits.defaults();
        Map<String, ZipMember> members = new HashMap<>();
        for (ZipMember member : ZipArchive.members(name, bytes, limits)) {
            if (members.put(member.name(), member) != null) {
                throw new CheckpointException(name + ": has an entry twice; expected each name once");
            }
        }
        for (String expected : List.of(CONFIG, METADATA, WEIGHTS)) {
            if (!members.containsKey(expected)) {
                throw new CheckpointException(name + ": has no " + expected + "; expected a model saved by model.save");
            }
        }
        JsonDocument config = document(name + "!" + CONFIG, members.get(CONFIG));
        Map<?, ?> metadata =
                document(name + "!" + METADATA, members.get(METADATA)).object();
        ZipMember weights = members.get(WEIGHTS);
        limits.check(name, bytes.size(), weights.size());
        Hdf5Contents contents = Hdf5File.readWithTexts(weights.contents(), name + "!" + WEIGHTS, limits);
        return new KerasFile(
                name,
                config.root(),
                isBefore3(String.valueOf(metadata.get(VERSION))),
                new ArchivedWeights(WEIGHTS, contents),
                Vocabularies.of(name, members));
    }

    private static JsonDocument document(String name, ZipMember member) throws IOException {
        if (member.size() > JsonDocument.LARGEST) {
            throw new CheckpointException(
                    name + ": " + member.size() + " bytes: expected at most " + JsonDocument.LARGEST);
        }
        return JsonDocument.parse(new MemoryValue(name, member.contents().buffer()));
    }

    private static KerasFile hdf5(String name, ByteRegion bytes) throws IOException {
        Hdf5Contents contents = Hdf5File.readWithTexts(bytes, name, UnpackingLimits.defaults());
        Map<String, List<String>> attributes = contents.texts().get("");
        List<String> config = attributes.getOrDefault(MODEL_CONFIG, List.of());
        if (config.size() != 1) {
            throw new CheckpointException(name
                    + ": holds weights without the layers that they belong to; expected a model saved by model.save, or "
                    + LayerTable.advice());
        }
        JsonDocument document = JsonDocument.parse(new MemoryValue(
                name + " (" + MODEL_CONFIG + ")", ByteBuffer.wrap(config.get(0).getBytes(StandardCharsets.UTF_8))));
        List<String> version = attributes.getOrDefault(VERSION, List.of());
        return new KerasFile(
                name,
                document.root(),
                isBefore3(version.isEmpty() ? "1" : version.get(0)),
                new LegacyWeights(contents),
                Map.of());
    }

    private static boolean isBefore3(String version) {
        return version.startsWith("1") || version.startsWith("2") || version.startsWith("0");
    }
}
