/**
 * Arrays in the formats zarr v2 and v3, whose metadata and chunks are values of a store. What TensorStore writes for
 * Orbax is read in full: Zstandard, gzip, zlib and uncompressed chunks, shards with their checksums, both orders of axes
 * and bytes. Anything else is refused by its name.
 */
package io.portolan.checkpoints.zarr;
