/**
 * Containers of checkpoint files: gzip, xz, zstd and bzip2 streams, tar and zip archives, and mapped files. All layers
 * share one budget, and no entry name can leave its folder.
 */
package io.portolan.checkpoints.containers;
