package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.values.ByteRegion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Reads Python pickles of protocols 0 to 5 without executing anything: the machine supports containers and a closed
 * table of constructors for arrays. Objects of every other class are inert records, and what attacks are made of is
 * refused.
 */
public final class PickleReader {
    private static final int PROTO = 0x80;

    /** The start of pickles without a header: a dictionary, list or tuple of protocol 0 or 1, or a global. */
    private static final Pattern OLD =
            Pattern.compile("(\\([dlVSIFLc(\\]}KMJNX]|[}\\]][qrp.]|c[A-Za-z_][A-Za-z0-9_.]*\n).*", Pattern.DOTALL);

    private static final int OLD_HEAD = 128;

    private PickleReader() {}

    /** Whether a file starts like a pickle; for protocols 0 and 1 this is a heuristic. */
    public static boolean matches(ByteBuffer file) {
        ByteBuffer head = file.slice(file.position(), Math.min(OLD_HEAD, file.remaining()));
        return protocol(file).isPresent()
                || OLD.matcher(StandardCharsets.ISO_8859_1.decode(head)).matches();
    }

    /** The declared protocol of a pickle; protocols 0 and 1 do not declare it. */
    public static OptionalInt protocol(ByteBuffer file) {
        return file.remaining() >= 2 && Byte.toUnsignedInt(file.get(file.position())) == PROTO
                ? OptionalInt.of(Byte.toUnsignedInt(file.get(file.position() + 1)))
                : OptionalInt.empty();
    }

    /**
     * Reads a pickle as unmodifiable plain values: {@code null}, {@link Boolean}, {@link Long},
     * {@link java.math.BigInteger}, {@link Double}, {@link String}, {@link io.portolan.checkpoints.values.ArrayData}
     * (numpy scalars have rank 0, bytes are uint8 of rank 1), {@link java.util.List}, {@link java.util.Map} in the
     * order of the file and {@link io.portolan.checkpoints.values.InertObject}. Row-major little-endian arrays are
     * slices of {@code bytes}, which must not change afterwards.
     *
     * @param name what errors call the file
     * @throws PickleException if the bytes are not an intact pickle, refer to a refused global or exceed the budget
     */
    public static Object read(String name, ByteRegion bytes, Budget budget) throws PickleException {
        return new Machine(name, new PickleInput(bytes), budget).run();
    }

    /**
     * The first of several values in a file.
     *
     * @param value the value, as {@link #read(String, ByteRegion, Budget)} returns it
     * @param length the length of its pickle in bytes
     */
    public record First(Object value, long length) {}

    /**
     * Reads a pickle that other data may follow.
     *
     * @throws PickleException if the bytes do not start with an intact pickle, or as for {@link #read(String, ByteRegion,
     *     Budget)}
     */
    public static First readFirst(String name, ByteRegion bytes, Budget budget) throws PickleException {
        PickleInput input = new PickleInput(bytes);
        Object value = new Machine(name, input, budget).runFirst();
        return new First(value, input.position());
    }

    /** Like {@link #read(String, ByteRegion, Budget)}, with the default budget for the number of bytes. */
    public static Object read(String name, ByteBuffer bytes) throws PickleException {
        return read(name, ByteRegion.of(bytes), Budget.forFile(bytes.remaining()));
    }
}
