package io.portolan.converter.source;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import io.portolan.checkpoints.files.InputFile;
import io.portolan.converter.lowering.ConversionException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;

/** The file of a SavedModel folder that holds its graphs. */
final class SavedModelFile {
    private static final String BINARY = "saved_model.pb";
    private static final String TEXT = "saved_model.pbtxt";

    /** More than a protobuf message can have. */
    private static final long LARGEST = Integer.MAX_VALUE;

    private SavedModelFile() {}

    /** Whether a folder has such a file. */
    static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(BINARY)) || Files.isRegularFile(folder.resolve(TEXT));
    }

    /**
     * Reads the graph with given tags.
     *
     * @throws ConversionException if there is none; the message lists the tags that there are
     * @throws IOException if the file cannot be read
     */
    static MetaGraphDef read(Path folder, List<String> tags) throws IOException {
        if (!isIn(folder)) {
            throw new ConversionException(folder + ": is no SavedModel: it has no file " + BINARY);
        }
        SavedModel model = Files.isRegularFile(folder.resolve(BINARY))
                ? binary(folder.resolve(BINARY))
                : text(folder.resolve(TEXT));
        Set<String> wanted = new HashSet<>(tags);
        return model.getMetaGraphsList().stream()
                .filter(graph ->
                        wanted.equals(new HashSet<>(graph.getMetaInfoDef().getTagsList())))
                .findFirst()
                .orElseThrow(() -> new ConversionException(
                        folder + ": the SavedModel has no graph with tags " + tags + "; it has those with "
                                + model.getMetaGraphsList().stream()
                                        .map(graph -> graph.getMetaInfoDef().getTagsList())
                                        .toList(),
                        ConversionException.Remedy.CHOOSE_TAGS));
    }

    private static SavedModel binary(Path file) throws IOException {
        requireSize(file);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(InputFile.require(file)))) {
            return SavedModel.parseFrom(in);
        } catch (InvalidProtocolBufferException damaged) {
            throw new IOException(file + ": is not a SavedModel: " + damaged.getMessage(), damaged);
        }
    }

    private static SavedModel text(Path file) throws IOException {
        requireSize(file);
        SavedModel.Builder model = SavedModel.newBuilder();
        try {
            TextFormat.merge(Files.readString(InputFile.require(file)), model);
        } catch (TextFormat.ParseException damaged) {
            throw new IOException(file + ": is not a SavedModel in text form: " + damaged.getMessage(), damaged);
        }
        return model.build();
    }

    private static void requireSize(Path file) throws IOException {
        if (Files.size(file) >= LARGEST) {
            throw new IOException(file + ": has " + Files.size(file) + " bytes; expected less than " + LARGEST);
        }
    }
}
