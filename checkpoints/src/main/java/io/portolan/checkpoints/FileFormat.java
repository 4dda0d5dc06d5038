package io.portolan.checkpoints;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Formats that are no pickle, told by the bytes that they are known to start with. */
enum FileFormat {
    ZIP("a zip archive (such as .npz or .pt)", 0, "PK\3\4"),
    EMPTY_ZIP("an empty zip archive", 0, "PK\5\6"),
    GZIP("a gzip file", 0, "\u001f\u008b"),
    BZIP2("a bzip2 file", 0, "BZh"),
    XZ("an xz file", 0, "\u00fd7zXZ\0"),
    ZSTANDARD("a Zstandard file", 0, "(\u00b5/\u00fd"),
    TAR("a tar archive", 257, "ustar"),
    NUMPY("a .npy array", 0, "\u0093NUMPY"),
    HDF5("an HDF5 file", 0, "\u0089HDF\r\n"),
    PNG("a PNG image", 0, "\u0089PNG"),
    SAFETENSORS("a safetensors file", 8, "{\"");

    private final String description;
    private final int offset;
    private final byte[] magic;

    FileFormat(String description, int offset, String magic) {
        this.description = description;
        this.offset = offset;
        this.magic = magic.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The format that these bytes are in, if it is one of these. */
    static Optional<FileFormat> sniff(ByteBuffer bytes) {
        return Arrays.stream(values()).filter(format -> format.matches(bytes)).findFirst();
    }

    String description() {
        return description;
    }

    private boolean matches(ByteBuffer bytes) {
        return bytes.remaining() >= offset + magic.length
                && bytes.slice(offset, magic.length).equals(ByteBuffer.wrap(magic));
    }
}
