package io.portolan.checkpoints.containers;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file within an archive that lies in memory. */
interface ArchiveEntry {

    String name();

    /** Its first bytes, at most so many. */
    ByteBuffer head(int count) throws IOException;

    /** All of it: a slice of the archive where it is not compressed. */
    ByteBuffer contents() throws IOException;
}
