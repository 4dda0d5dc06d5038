package io.portolan.checkpoints;

import java.util.List;

/**
 * A checkpoint with information on how it was read.
 *
 * @param checkpoint the checkpoint
 * @param format the format of the file
 * @param parametersAt the place of the parameters, keys joined by slashes; {@code .} for the top level
 * @param others the other places with arrays, which are neither parameters nor running statistics
 */
public record OpenedCheckpoint(
        Checkpoint checkpoint, DetectedFormat format, String parametersAt, List<Remainder> others) {
    public OpenedCheckpoint {
        others = List.copyOf(others);
    }
}
