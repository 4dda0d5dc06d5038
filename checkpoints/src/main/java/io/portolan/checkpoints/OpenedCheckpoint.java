package io.portolan.checkpoints;

import java.util.List;

/**
 * A checkpoint with what was learned on the way to it.
 *
 * @param checkpoint what the file holds
 * @param format what the file is
 * @param parametersAt where in it the parameters were found, keys joined by slashes; {@code .} for the top level
 * @param others every place with arrays that are neither parameters nor running statistics
 */
public record OpenedCheckpoint(
        Checkpoint checkpoint, DetectedFormat format, String parametersAt, List<Remainder> others) {
    public OpenedCheckpoint {
        others = List.copyOf(others);
    }
}
