/**
 * Flax's MessagePack format. It is not read by a library, because a reader of untrusted files must check each size
 * against the remaining bytes before it allocates memory, and because Flax's extension types for arrays, numpy scalars
 * and chunked arrays are the larger part.
 */
package io.portolan.checkpoints.msgpack;
