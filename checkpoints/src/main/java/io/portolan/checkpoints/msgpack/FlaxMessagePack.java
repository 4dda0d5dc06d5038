package io.portolan.checkpoints.msgpack;

import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Reads and writes the format of {@code flax.serialization.msgpack_serialize}: a tree of dictionaries with arrays. */
public final class FlaxMessagePack {
    /** The start of a dictionary with at least one entry, whose first key is text. */
    private static final Pattern START =
            Pattern.compile("([\u0081-\u008f]|\u00de..|\u00df....)[\u00a0-\u00bf\u00d9-\u00db].*", Pattern.DOTALL);

    private static final int HEAD = 6;

    private FlaxMessagePack() {}

    /** Whether a file starts as a dictionary with text keys. */
    public static boolean matches(ByteBuffer file) {
        ByteBuffer head = file.slice(file.position(), Math.min(HEAD, file.remaining()));
        return START.matcher(StandardCharsets.ISO_8859_1.decode(head)).matches();
    }

    /**
     * Reads the remaining bytes of a buffer as unmodifiable plain values: {@code null}, {@link Boolean},
     * {@link Long}, {@link java.math.BigInteger}, {@link Double}, {@link String},
     * {@link io.portolan.checkpoints.values.ArrayData} (views of the buffer unless chunked), {@link java.util.List} and
     * {@link java.util.Map} in the order of the file.
     *
     * @param name what errors call the file
     * @throws CheckpointException if they are not such a value; the message says at which byte
     */
    public static Object read(ByteBuffer bytes, String name) throws CheckpointException {
        return read(ByteRegion.of(bytes), name);
    }

    /** Like {@link #read(ByteBuffer, String)}, for a file of any length. */
    public static Object read(ByteRegion bytes, String name) throws CheckpointException {
        return new MessagePackReader(new MessagePackInput(name, bytes, 0)).only();
    }

    /**
     * Writes a tree of such values.
     *
     * @throws IllegalArgumentException if it holds anything else
     */
    public static void write(Object tree, OutputStream out) throws IOException {
        new MessagePackWriter(out, MessagePackWriter.FLAX_CHUNK).value(tree);
    }
}
