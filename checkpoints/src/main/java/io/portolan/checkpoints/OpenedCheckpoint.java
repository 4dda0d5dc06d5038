package io.portolan.checkpoints;

/**
 * A checkpoint with what was learned on the way to it.
 *
 * @param checkpoint what the file holds
 * @param format what the file is
 * @param parametersAt where in it the parameters were found, keys joined by slashes; {@code .} for the top level
 */
public record OpenedCheckpoint(Checkpoint checkpoint, DetectedFormat format, String parametersAt) {
}
