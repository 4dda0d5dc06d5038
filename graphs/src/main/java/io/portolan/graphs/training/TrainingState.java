package io.portolan.graphs.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.checkpoints.files.InputFile;
import io.portolan.checkpoints.files.OutputFile;
import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The saved state of a run. Its file is an {@code .npz} archive of the session's arrays by path, with an additional
 * array {@value #PROGRESS}: UTF-8 JSON as uint8.
 */
public record TrainingState(SessionState session, RunPosition position) {
    private static final String PROGRESS = "progress.json";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private record Progress(SessionState.Counters counters, RunPosition position) {}

    /** Writes the file atomically. */
    public void write(Path file) throws IOException {
        byte[] progress = MAPPER.writeValueAsBytes(new Progress(session.counters(), position));
        Map<String, ArrayData> arrays = new LinkedHashMap<>(session.arrays());
        arrays.put(PROGRESS, ArrayData.of(ElementType.UINT8, new long[] {progress.length}, ByteBuffer.wrap(progress)));
        OutputFile.replace(file, out -> NpzArchive.write(arrays, out));
    }

    /** @throws CheckpointException if the file is damaged or is not a training state */
    public static TrainingState read(Path file) throws IOException {
        // Read as a stream, because a path would be memory-mapped, and the file will be replaced while its arrays are
        // in use.
        try (InputStream in = Files.newInputStream(InputFile.require(file))) {
            Map<String, ArrayData> arrays = new LinkedHashMap<>(NpzArchive.read(in, file.toString()));
            ArrayData stored = arrays.remove(PROGRESS);
            if (stored == null) {
                throw new CheckpointException(file + ": not a training state: expected an entry " + PROGRESS);
            }
            byte[] json = new byte[stored.bytes().remaining()];
            stored.bytes().get(json);
            Progress progress = MAPPER.readValue(json, Progress.class);
            return new TrainingState(new SessionState(arrays, progress.counters()), progress.position());
        } catch (JsonProcessingException malformed) {
            throw new CheckpointException(file + ": " + PROGRESS + " is damaged: " + malformed.getOriginalMessage());
        }
    }
}
