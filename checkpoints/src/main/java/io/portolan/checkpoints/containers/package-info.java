/**
 * What files come wrapped in: gzip, xz, zstd and bzip2 streams, tar and zip archives, and mapped files. Every layer counts against one
 * budget, and no name leads out of its folder.
 */
package io.portolan.checkpoints.containers;
