/**
 * Flax's MessagePack. The format is read here and not by a library, because a reader of untrusted files must compare each size with what is
 * left before it takes memory, and because Flax's extension types for arrays, numpy scalars and chunked arrays are the larger part.
 */
package io.portolan.checkpoints.msgpack;
