/**
 * Weights on disk to a typed tree of arrays and back. {@link io.portolan.checkpoints.Checkpoints} reads and writes files of every format;
 * {@link io.portolan.checkpoints.Checkpoint} is what comes out: parameters, batch statistics and metadata. Pure Java; nothing that a file
 * holds is executed.
 */
package io.portolan.checkpoints;
