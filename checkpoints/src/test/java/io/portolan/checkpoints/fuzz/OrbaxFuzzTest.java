package io.portolan.checkpoints.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.portolan.checkpoints.containers.UnpackingLimits;
import io.portolan.checkpoints.orbax.OrbaxChoice;
import io.portolan.checkpoints.orbax.OrbaxDirectory;
import io.portolan.checkpoints.stores.Folder;
import io.portolan.checkpoints.stores.MemoryFolder;
import io.portolan.checkpoints.values.ArrayData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes as a whole directory: the paths and contents of its files, each after its length. A replay of the samples
 * normally; a search for worse with the profile "fuzz".
 */
@Tag("fuzz")
class OrbaxFuzzTest {
    /** Small enough for a search; the ratio is that of real limits. */
    private static final UnpackingLimits LIMITS = new UnpackingLimits(1 << 24, 200, 1 << 20);

    @MethodSource("directories")
    @FuzzTest(maxDuration = "10m")
    void anyDirectoryIsReadOrRefused(byte[] bytes) {
        if (bytes != null) {
            Refusals.only(() -> read(MemoryFolder.of(files(ByteBuffer.wrap(bytes)))));
        }
    }

    static List<byte[]> directories() throws IOException {
        Path golden = Path.of(URI.create(
                        OrbaxFuzzTest.class.getResource("/orbax/expected.npz").toString()))
                .getParent();
        List<byte[]> directories = new ArrayList<>();
        for (String name : List.of("standard", "pytree-noocdbt", "pytree-zarr3-noocdbt", "manager")) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Path directory = golden.resolve(name);
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                    add(out, directory.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                    add(out, Files.readAllBytes(file));
                }
            }
            directories.add(out.toByteArray());
        }
        return directories;
    }

    private static void add(ByteArrayOutputStream out, byte[] bytes) {
        out.writeBytes(new byte[] {(byte) (bytes.length >> 8), (byte) bytes.length});
        out.writeBytes(bytes);
    }

    private static Map<String, byte[]> files(ByteBuffer bytes) {
        Map<String, byte[]> files = new TreeMap<>();
        // A last byte alone is no length.
        while (bytes.remaining() >= Short.BYTES) {
            files.put(new String(next(bytes), StandardCharsets.UTF_8), next(bytes));
        }
        return files;
    }

    private static byte[] next(ByteBuffer bytes) {
        int length = bytes.remaining() < Short.BYTES ? 0 : Short.toUnsignedInt(bytes.getShort());
        byte[] next = new byte[Math.min(length, bytes.remaining())];
        bytes.get(next);
        return next;
    }

    private static void read(Folder folder) throws IOException {
        Optional<Folder> directory = OrbaxDirectory.in(folder);
        if (directory.isPresent()) {
            elements(OrbaxDirectory.read(directory.get(), OrbaxChoice.latest(), LIMITS)
                    .root());
        }
    }

    private static void elements(Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            for (Object child : map.values()) {
                elements(child);
            }
        } else if (value instanceof List<?> list) {
            for (Object child : list) {
                elements(child);
            }
        } else if (value instanceof ArrayData array) {
            ZarrMetadataFuzzTest.elements(array);
        }
    }
}
