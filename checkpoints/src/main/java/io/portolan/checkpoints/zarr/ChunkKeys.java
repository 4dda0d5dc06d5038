package io.portolan.checkpoints.zarr;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The keys of chunks below that of their array: the numbers of the chunk along each axis, joined.
 *
 * @param start what stands before the numbers, such as {@code c/}
 * @param separator what joins the numbers
 * @param scalar the key of the only chunk of an array without axes
 */
record ChunkKeys(String start, String separator, String scalar) {

    String key(long[] index) {
        return index.length == 0
                ? scalar
                : Arrays.stream(index).mapToObj(Long::toString).collect(Collectors.joining(separator, start, ""));
    }
}
