package io.portolan.programs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A program that JAX wrote, with inputs and outputs: resources {@code program.jaxexport}, {@code program.mlir.gz}, {@code io.npz},
 * {@code about.json} and, for models, {@code params.pkl}.
 *
 * @param name its folder
 */
public record GoldenProgram(String name) {
    private static final String FOLDER = "/golden/programs/";

    /** All programs, those that cannot be converted included. */
    public static List<GoldenProgram> all() {
        try (InputStream list = resource(FOLDER + "list.txt").openStream()) {
            return new String(list.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .lines()
                    .map(GoldenProgram::new)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The file of {@code jax.export}. */
    public byte[] exported() {
        return bytes("program.jaxexport");
    }

    /** StableHLO text with locations. */
    public byte[] text() {
        return bytes("program.mlir.gz");
    }

    /** Whether the file is there. */
    public boolean has(String file) {
        return GoldenProgram.class.getResource(FOLDER + name + "/" + file) != null;
    }

    /** The bytes of a file of the folder; of a {@code .gz} file, unpacked. */
    public byte[] bytes(String file) {
        try (InputStream packed = resource(FOLDER + name + "/" + file).openStream();
                InputStream stream = file.endsWith(".gz") ? new GZIPInputStream(packed) : packed) {
            return stream.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static URL resource(String path) {
        URL found = GoldenProgram.class.getResource(path);
        if (found == null) {
            throw new IllegalStateException("there is no resource " + path);
        }
        return found;
    }

    @Override
    public String toString() {
        return name;
    }
}
