package io.portolan.checkpoints.benchmark;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.CheckpointFormat;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.ocdbt.OcdbtWriter;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.zarr.ZarrWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How long a large checkpoint takes to open and to use, and what memory the process needs for it, against reading the
 * plain file. {@code write FOLDER [MiB]} makes the files and directories once (with a heap of 6 GiB); {@code open FILE}, in a JVM
 * of its own, measures:
 *
 * <ul>
 *   <li>open: {@link Checkpoints#read(Path)}, until the arrays are there;
 *   <li>use: adding up every word of every array, which brings all of it into memory;
 *   <li>resident: the most the process ever had in memory, mapped pages of the file included ({@code VmHWM}).
 * </ul>
 *
 * {@code plain FILE} reads the file through a buffer of 1 MiB and adds up the same words: the bound that the disk, or the
 * page cache, sets.
 */
public final class OpenBenchmark {
    private static final int MEBIBYTES_PER_LAYER = 16;
    private static final int LAYER_BYTES = MEBIBYTES_PER_LAYER << 20;
    private static final List<CheckpointFormat> FORMATS = List.of(
            CheckpointFormat.PICKLE, CheckpointFormat.NPZ, CheckpointFormat.SAFETENSORS, CheckpointFormat.MSGPACK);

    private OpenBenchmark() {}

    public static void main(String... arguments) throws IOException {
        Path path = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "write" -> write(path, arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1024);
            case "open" -> open(path);
            case "plain" -> plain(path);
            default -> throw new IllegalArgumentException("expected write, open or plain");
        }
    }

    private static void write(Path folder, int mebibytes) throws IOException {
        byte[] bits = new byte[LAYER_BYTES];
        new Random(1).nextBytes(bits);
        Map<String, ArrayData> layers = new LinkedHashMap<>();
        for (int i = 0; i < mebibytes / MEBIBYTES_PER_LAYER; i++) {
            layers.put(
                    "layer_" + i + "/kernel",
                    ArrayData.of(ElementType.FLOAT32, new long[] {2048, 2048}, ByteBuffer.wrap(bits)));
        }
        Checkpoint checkpoint = new Checkpoint(
                ParameterTree.of(layers), ParameterTree.empty(), OptionalLong.of(19), OptionalLong.of(1), Map.of());
        for (CheckpointFormat format : FORMATS) {
            Checkpoints.write(checkpoint, folder.resolve("large." + format.label()), format);
        }
        writeOrbax(folder, bits, layers.keySet());
    }

    /** Directories as Orbax writes them, compressed with zstd: random bits stay as they are. */
    private static void writeOrbax(Path folder, byte[] bits, Set<String> layers) throws IOException {
        StringBuilder tree = new StringBuilder();
        Map<String, byte[]> values = new TreeMap<>();
        for (String path : layers) {
            String[] keys = ("params/" + path).split("/");
            String metadata = Arrays.stream(keys)
                    .map(key -> "{'key':'" + key + "','key_type':2}")
                    .collect(Collectors.joining(","));
            tree.append(tree.isEmpty() ? "" : ",")
                    .append("'" + path + "':{'key_metadata':[" + metadata
                            + "],'value_metadata':{'value_type':'jax.Array'}}");
            values.putAll(ZarrWriter.whole(String.join(".", keys), bits, 2048, 2048, true));
        }
        byte[] json = ZarrWriter.json("{'tree_metadata':{" + tree + "},'store_array_data_equal_to_fill_value':true}");
        Map<String, Map<String, byte[]>> directories = Map.of(
                "large.zarr", values, "large.ocdbt", OcdbtWriter.standard().files(values));
        for (Map.Entry<String, Map<String, byte[]>> directory : directories.entrySet()) {
            for (Map.Entry<String, byte[]> file : directory.getValue().entrySet()) {
                Path target = folder.resolve(directory.getKey()).resolve(file.getKey());
                Files.createDirectories(target.getParent());
                Files.write(target, file.getValue());
            }
            Files.write(folder.resolve(directory.getKey()).resolve("_METADATA"), json);
        }
    }

    private static void open(Path file) throws IOException {
        long start = System.nanoTime();
        Checkpoint checkpoint = Checkpoints.read(file);
        long opened = System.nanoTime();
        long sum = 0;
        for (ArrayData array : checkpoint.parameters().arrays().values()) {
            sum += sum(array.bytes());
        }
        report(file, Checkpoints.size(file), start, opened, sum);
    }

    private static void plain(Path file) throws IOException {
        long start = System.nanoTime();
        long sum = 0;
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer.clear()) > 0) {
                sum += sum(buffer.flip());
            }
        }
        report(file, Files.size(file), start, start, sum);
    }

    private static long sum(ByteBuffer bytes) {
        long sum = 0;
        for (int end = bytes.limit() - Long.BYTES, i = 0; i <= end; i += Long.BYTES) {
            sum += bytes.getLong(i);
        }
        return sum;
    }

    private static void report(Path file, long bytes, long start, long opened, long sum) throws IOException {
        long used = System.nanoTime();
        String resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .map(line -> line.replaceAll("\\D+", ""))
                .findFirst()
                .orElse("0");
        System.out.printf(
                "%-20s open %7.1f ms, open and use %7.1f ms = %5.2f GB/s, resident %5.0f MiB of a file of %.0f MiB (sum %x)%n",
                file.getFileName(),
                (opened - start) / 1e6,
                (used - start) / 1e6,
                bytes / (double) (used - start),
                Long.parseLong(resident) / 1024.0,
                bytes / 1048576.0,
                sum);
    }
}
