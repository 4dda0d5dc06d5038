package io.portolan.converter.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.CodedOutputStream;
import io.portolan.checkpoints.files.ExistingFileException;
import io.portolan.checkpoints.files.OutputFile;
import io.portolan.checkpoints.files.StagedFiles;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.Value;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A model file, with its file of constants if there is one, in a temporary folder beside its target, so that it can be checked and
 * run before it is published. Either all files are moved to their targets or none.
 */
public final class StagedModel implements AutoCloseable {
    /** A protobuf message holds at most 2 GiB; the nodes and their types take some of it. */
    public static final int MOST_MEGABYTES = 1800;

    private static final long MOST_WITHIN = MOST_MEGABYTES * 1_000_000L;

    private static final String DATA_SUFFIX = ".data";
    private static final String OUTLINE_SUFFIX = ".outline";

    /** Bytes to write at once. */
    private static final int BUFFER = 1 << 20;

    private final Path target;
    private final StagedFiles files;
    private OnnxMl.ModelProto outline;

    private StagedModel(Path target, boolean replace) throws IOException {
        this.target = target.toAbsolutePath();
        this.files = StagedFiles.beside(target, replace);
    }

    /**
     * Checks that a model can be written, so that a lengthy conversion does not fail at its end.
     *
     * @param replace whether files of these names may be overwritten
     * @param external whether constants are to be in a file of their own
     */
    public static void requireWritable(Path target, boolean replace, boolean external) throws IOException {
        OutputFile.at(target, replace);
        if (external && Files.exists(data(target)) && !replace) {
            throw new ExistingFileException(data(target));
        }
    }

    /**
     * Writes a model.
     *
     * @param target the path to publish it to
     * @param replace whether files of these names may be overwritten
     * @param external whether to store constants in a file {@code target.data}; done in any case if the model would be too large
     *     otherwise
     */
    public static StagedModel write(
            OnnxGraph graph, Map<String, String> metadata, Opset opset, Path target, boolean replace, boolean external)
            throws IOException {
        return write(graph, metadata, opset, target, replace, external, MOST_WITHIN);
    }

    static StagedModel write(
            OnnxGraph graph,
            Map<String, String> metadata,
            Opset opset,
            Path target,
            boolean replace,
            boolean external,
            long mostWithin)
            throws IOException {
        requireWritable(target, replace, external);
        StagedModel staged = new StagedModel(target, replace);
        try {
            staged.write(graph, metadata, opset, external || bytesOfConstants(graph) > mostWithin);
            return staged;
        } catch (IOException | RuntimeException failure) {
            staged.close();
            throw failure;
        }
    }

    private static long bytesOfConstants(OnnxGraph graph) {
        return graph.constants().stream()
                .map(Value::data)
                .mapToLong(data -> data.orElseThrow().bytes().remaining())
                .sum();
    }

    private void write(OnnxGraph graph, Map<String, String> metadata, Opset opset, boolean external)
            throws IOException {
        ExternalData data = new ExternalData(data(target).getFileName().toString());
        OnnxMl.ModelProto model =
                external ? OnnxWriter.write(graph, metadata, opset, data) : OnnxWriter.write(graph, metadata, opset);
        write(model, file());
        outline = ModelOutline.of(model, file().getFileName().toString());
        if (!data.isEmpty()) {
            try (FileChannel channel = create(data(file()))) {
                data.writeTo(channel);
                channel.force(true);
            }
        }
    }

    private static void write(OnnxMl.ModelProto model, Path path) throws IOException {
        try (FileChannel channel = create(path)) {
            CodedOutputStream out = CodedOutputStream.newInstance(Channels.newOutputStream(channel), BUFFER);
            model.writeTo(out);
            out.flush();
            channel.force(true);
        }
    }

    /**
     * Runs the ONNX checker on the model, without the elements of its larger constants, which the checker does not look at.
     *
     * @param opset the opset it is written in
     * @throws InvalidModelException with the checker's words, if it does not accept the model
     * @throws IOException if no file can be written for the checker
     */
    public ModelChecker.Result check(Opset opset) throws IOException {
        Path file = file().resolveSibling(file().getFileName() + OUTLINE_SUFFIX);
        try {
            Files.write(file, outline.toByteArray());
            return ModelChecker.check(file, opset);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static FileChannel create(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** The temporary file of the model, which can be loaded. */
    public Path file() {
        return files.path();
    }

    /** Adds metadata to the model. The model is not parsed: concatenated protobuf messages are one message with their repeated fields joined. */
    public void add(Map<String, String> metadata) throws IOException {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.APPEND);
                OutputStream out = Channels.newOutputStream(channel)) {
            OnnxWriter.metadata(metadata).writeTo(out);
            channel.force(true);
        }
    }

    /** The sizes of the files, for messages. */
    public String describe() {
        return String.format(Locale.ROOT, "%,d bytes", size(file()))
                + (hasData() ? String.format(Locale.ROOT, " and %,d bytes of constants", size(data(file()))) : "");
    }

    /** The total size of the model's files, in bytes. */
    public long bytes() {
        return size(file()) + (hasData() ? size(data(file())) : 0);
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    /** Whether constants are in a file of their own. */
    public boolean hasData() {
        return Files.exists(data(file()));
    }

    /**
     * Moves the files to their targets. If that fails, files that existed there before are kept.
     *
     * @return the files of the model
     */
    public List<Path> publish() throws IOException {
        // StagedFiles moves the model last, so that a new model is never at the target without its data file.
        List<Path> published = hasData() ? List.of(target, data(target)) : List.of(target);
        files.publish();
        return published;
    }

    private static Path data(Path model) {
        return model.resolveSibling(model.getFileName() + DATA_SUFFIX);
    }

    /** Deletes all files that were not published. */
    @Override
    public void close() throws IOException {
        files.close();
    }
}
