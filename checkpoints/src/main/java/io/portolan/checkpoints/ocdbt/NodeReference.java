package io.portolan.checkpoints.ocdbt;

/**
 * Where a node is.
 *
 * @param file its file
 * @param offset its first byte in the file
 * @param length its length in bytes
 */
record NodeReference(DataFileTable.DataFile file, long offset, long length) {
    /** The value of offset and length for "no node", with which an empty database is written. */
    static final long MISSING = -1;
}
