package io.portolan.checkpoints.containers;

import io.portolan.checkpoints.values.ByteRegion;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file within an archive in memory. */
interface ArchiveEntry {

    String name();

    /** The size of its contents in bytes, which {@link #contents} checks. */
    long size();

    /** Its first bytes, at most {@code count}. */
    ByteBuffer head(int count) throws IOException;

    /** Its contents; a slice of the archive if it is not compressed. */
    ByteRegion contents() throws IOException;
}
