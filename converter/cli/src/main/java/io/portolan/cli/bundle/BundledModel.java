package io.portolan.cli.bundle;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint that was trained in JAX on 64-pixel Pathfinder images, with eight images that it was not trained on, and the logits that the
 * JAX implementation computed for them.
 *
 * @param folder where its files are
 */
public record BundledModel(Path folder) {
    private static final String BUNDLE = "/demo/";

    /**
     * Writes the checkpoint, its configuration and the images to a folder.
     *
     * @throws IOException if the folder cannot be written, or the program was built without them
     */
    public static BundledModel unpack(Path folder) throws IOException {
        for (String name :
                new String(content("files.txt"), StandardCharsets.UTF_8).lines().toList()) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            try (InputStream content = open(name)) {
                Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return new BundledModel(folder);
    }

    public Path checkpoint() {
        return folder.resolve("checkpoint.pkl");
    }

    public Path config() {
        return folder.resolve("config.json");
    }

    public Path images() {
        return folder.resolve("images");
    }

    /** The ONNX file that version 0.1.0 wrote for the checkpoint, without its tests on other machines: (n, 8, 64, 64, 3) to (n, 2). */
    public static byte[] onnx() throws IOException {
        return content("model.onnx");
    }

    /** The logits that the JAX implementation computed on a CPU, by image, in the order of their names. */
    public Map<Path, float[]> logits() throws IOException {
        Map<String, List<Float>> recorded =
                new ObjectMapper().readValue(content("logits.json"), new TypeReference<Map<String, List<Float>>>() {});
        Map<Path, float[]> logits = new LinkedHashMap<>();
        recorded.forEach((name, values) -> {
            float[] row = new float[values.size()];
            for (int i = 0; i < row.length; i++) {
                row[i] = values.get(i);
            }
            logits.put(images().resolve(name), row);
        });
        return logits;
    }

    private static byte[] content(String name) throws IOException {
        try (InputStream content = open(name)) {
            return content.readAllBytes();
        }
    }

    private static InputStream open(String name) throws IOException {
        InputStream content = BundledModel.class.getResourceAsStream(BUNDLE + name);
        if (content == null) {
            throw new IOException("the bundled file " + name + " is missing: the build is incomplete");
        }
        return content;
    }
}
