/**
 * Checkpoint files as typed trees of arrays. {@link io.portolan.checkpoints.Checkpoints} reads and writes files of
 * every format; {@link io.portolan.checkpoints.Checkpoint} is the result: parameters, batch statistics and metadata.
 * Pure Java; no content of a file is executed.
 */
package io.portolan.checkpoints;
