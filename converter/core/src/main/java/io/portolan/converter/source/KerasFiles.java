package io.portolan.converter.source;

import io.portolan.checkpoints.containers.MappedFile;
import io.portolan.checkpoints.containers.ZipArchive;
import io.portolan.checkpoints.hdf5.Hdf5File;
import io.portolan.converter.source.keras.KerasModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads models that Keras has saved in one file: {@code .keras} archives, and {@code .h5} files of Keras 2 and 3. */
public final class KerasFiles {
    private static final List<String> SUFFIXES = List.of(".keras", ".h5", ".hdf5");
    private static final int HEAD = 16;

    private KerasFiles() {}

    /**
     * Whether a file has the name of one of these, or begins like one.
     *
     * @throws IOException if it cannot be read
     */
    public static boolean isModel(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (SUFFIXES.stream().anyMatch(name::endsWith)) {
            return true;
        }
        ByteBuffer head = MappedFile.region(file).head(HEAD);
        return Hdf5File.MAGIC.matches(head) || ZipArchive.MAGIC.matches(head);
    }

    /**
     * Reads a model.
     *
     * @param inputs tensors, {@code node} or {@code node:1}: what computes them is left out; if there are neither inputs nor outputs, those
     *     of the model
     * @param outputs tensors
     * @throws IOException if the file cannot be read, or is damaged
     * @throws io.portolan.converter.lowering.ConversionException if a layer is not understood, or inputs or outputs are not in the graph
     */
    public static TensorFlowModel open(Path file, List<String> inputs, List<String> outputs) throws IOException {
        KerasModel model = KerasModel.read(file);
        GraphEnds ends = inputs.isEmpty() && outputs.isEmpty()
                ? new GraphEnds(model.inputs(), model.outputs())
                : GraphEnds.of(file.toString(), model.graph(), inputs, outputs);
        return TableFillers.of(model.graph(), ends).load(ModelGraph.of(file.toString(), model.graph(), Map.of()), ends);
    }
}
