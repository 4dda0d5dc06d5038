package io.portolan.graphs.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.checkpoints.files.InputFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Reads model configurations: SimpleCSSM's fields as a JSON object, as {@link ConfigResolver} takes them. */
public final class ConfigFile {
    /** The largest size of a configuration file in bytes; the reference's files have a few hundred. */
    private static final int LONGEST = 1 << 20;

    private ConfigFile() {}

    /** @throws IOException if the file cannot be read or does not hold a JSON object */
    public static Map<String, Object> read(Path file) throws IOException {
        return parse(InputFile.text(file, LONGEST), file.toString());
    }

    /**
     * Parses a configuration.
     *
     * @param origin the name of the source in error messages
     * @throws IOException if the text is not a JSON object
     */
    public static Map<String, Object> parse(String json, String origin) throws IOException {
        try {
            return new ObjectMapper().readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException malformed) {
            throw new IOException(
                    origin + ": expected a JSON object of configuration fields (" + malformed.getOriginalMessage()
                            + ")",
                    malformed);
        }
    }
}
