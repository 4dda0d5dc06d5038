package io.portolan.checkpoints;

import io.portolan.checkpoints.hdf5.Hdf5File;
import io.portolan.checkpoints.msgpack.FlaxMessagePack;
import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.pickle.Budget;
import io.portolan.checkpoints.pickle.PickleReader;
import io.portolan.checkpoints.pickle.PickleWriter;
import io.portolan.checkpoints.safetensors.SafetensorsFile;
import io.portolan.checkpoints.safetensors.SafetensorsWriter;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The checkpoint formats, in the order in which they are detected. Files are identified by their content; file name
 * extensions only select a format for writing.
 */
public enum CheckpointFormat {
    NPZ(
            "npz",
            List.of(".npz"),
            NpzArchive::matches,
            (name, bytes, options) -> NpzForm.read(
                    name, NpzArchive.parts(bytes, name, options.unpacking(), options.voidTypes()), options),
            (checkpoint, out) -> NpzArchive.write(NpzForm.of(checkpoint), out)),
    NPY("npy", List.of(".npy", ".eqx"), NpyForm::matches, NpyForm::read, (checkpoint, out) -> {
        throw new CheckpointException(
                "a .npy file holds a single array without a name: expected another format, such as npz");
    }),
    SAFETENSORS(
            "safetensors",
            List.of(".safetensors"),
            SafetensorsFile::matches,
            (name, bytes, options) -> SafetensorsForm.read(name, SafetensorsFile.read(bytes, name)),
            (checkpoint, out) -> SafetensorsWriter.write(SafetensorsForm.of(checkpoint), out)),
    HDF5(
            "hdf5",
            List.of(".h5", ".hdf5", ".keras"),
            Hdf5File.MAGIC::matches,
            (name, bytes, options) -> FileTree.of(name, Hdf5File.read(bytes, name, options.unpacking())),
            (checkpoint, out) -> {
                throw new CheckpointException(
                        "HDF5 files are read but not written: expected another format, such as npz");
            }),
    PICKLE(
            "pickle",
            List.of(".pkl", ".pickle"),
            PickleReader::matches,
            (name, bytes, options) -> FileTree.of(name, PickleReader.read(name, bytes, Budget.forFile(bytes.size()))),
            (checkpoint, out) -> PickleWriter.write(TreeForm.of(checkpoint, TaggedValues.PICKLE), out)),
    MSGPACK(
            "msgpack",
            List.of(".msgpack"),
            FlaxMessagePack::matches,
            (name, bytes, options) -> FileTree.of(name, FlaxMessagePack.read(bytes, name)),
            (checkpoint, out) -> FlaxMessagePack.write(TreeForm.of(checkpoint, TaggedValues.MESSAGE_PACK), out)),
    /** A directory, or the files of an archive; no single file is in this format. */
    ORBAX(
            "orbax",
            List.of(),
            start -> false,
            (name, bytes, options) -> {
                throw new IllegalStateException(name + " is a file and not a directory");
            },
            (checkpoint, out) -> {
                throw new CheckpointException(
                        "an Orbax checkpoint is a directory and cannot be written: expected another format, such as npz");
            });

    private interface Reader {
        FileTree read(String name, ByteRegion bytes, ReadOptions options) throws IOException;
    }

    private interface Writer {
        void write(Checkpoint checkpoint, OutputStream out) throws IOException;
    }

    private final String label;
    private final List<String> suffixes;
    private final Predicate<ByteBuffer> start;
    private final Reader reader;
    private final Writer writer;

    CheckpointFormat(String label, List<String> suffixes, Predicate<ByteBuffer> start, Reader reader, Writer writer) {
        this.label = label;
        this.suffixes = suffixes;
        this.start = start;
        this.reader = reader;
        this.writer = writer;
    }

    /** The format's name, such as {@code safetensors}. */
    public String label() {
        return label;
    }

    /** Detects the format by the first bytes; empty if it is none of these. */
    public static Optional<CheckpointFormat> ofContent(ByteBuffer bytes) {
        return Arrays.stream(values())
                .filter(format -> format.start.test(bytes))
                .findFirst();
    }

    /** The usual format for a file name; empty if there is none. */
    public static Optional<CheckpointFormat> ofFileName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> format.suffixes.stream().anyMatch(lower::endsWith))
                .findFirst();
    }

    /** The labels of all formats, for messages. */
    public static String labels() {
        return Arrays.stream(values()).map(CheckpointFormat::label).collect(Collectors.joining(", "));
    }

    /** The format with details from its first bytes, such as {@code pickle protocol 4}. */
    String variant(ByteBuffer bytes) {
        if (this != PICKLE) {
            return label;
        }
        OptionalInt protocol = PickleReader.protocol(bytes);
        return label + " protocol " + (protocol.isPresent() ? protocol.getAsInt() : "0 or 1");
    }

    FileTree read(String name, ByteRegion bytes, ReadOptions options) throws IOException {
        return reader.read(name, bytes, options);
    }

    void write(Checkpoint checkpoint, OutputStream out) throws IOException {
        try {
            writer.write(checkpoint, out);
        } catch (UncheckedIOException unreadable) {
            // An array whose elements are read when they are first asked for.
            throw unreadable.getCause();
        } catch (IllegalArgumentException impossible) {
            throw new CheckpointException(
                    "the checkpoint cannot be written as " + label + ": " + impossible.getMessage()
                            + ": expected another format or other contents",
                    impossible);
        }
    }
}
