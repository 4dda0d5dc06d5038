package io.portolan.checkpoints.zarr;

import io.portolan.checkpoints.numpy.DType;

/**
 * What the metadata of an array says, in either version.
 *
 * @param name the document's name in errors
 * @param dtype type and byte order of the elements
 * @param shape the shape of the array
 * @param chunkShape the shape of every chunk; those at the ends are padded
 * @param keys the keys of chunks
 * @param codec how a chunk is stored
 * @param fill what takes the place of missing chunks
 */
record ArrayMetadata(
        String name, DType dtype, long[] shape, long[] chunkShape, ChunkKeys keys, ArrayCodec codec, FillValue fill) {}
