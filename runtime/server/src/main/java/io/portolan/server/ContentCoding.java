package io.portolan.server;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The HTTP content codings that the JDK supports. Jetty's own handlers do not support {@code deflate}, which Triton's
 * clients use, and do not bound the size of a decompressed body.
 */
enum ContentCoding {
    IDENTITY,
    GZIP,
    DEFLATE;

    /** Smallest size of an answer that is compressed, in bytes. */
    private static final int WORTHWHILE = 1 << 10;

    private static final int CHUNK = 1 << 16;
    private static final byte[] GZIP_HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private static final Map<String, ContentCoding> NAMES =
            Map.of("identity", IDENTITY, "gzip", GZIP, "x-gzip", GZIP, "deflate", DEFLATE);

    String token() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the coding of a body.
     *
     * @throws HttpError if the coding is not supported, or there are several
     */
    static ContentCoding ofBody(List<String> header) {
        List<String> codings = header.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> !name.equals("identity"))
                .toList();
        ContentCoding coding = codings.isEmpty() ? IDENTITY : NAMES.get(codings.get(0));
        if (coding == null || codings.size() > 1) {
            throw HttpError.unsupportedCoding(String.join(", ", codings));
        }
        return coding;
    }

    /**
     * Returns the coding for an answer of a given size.
     *
     * @param accepted codings that the client accepts, in order of preference
     */
    static ContentCoding ofAnswer(List<String> accepted, int bytes) {
        return bytes < WORTHWHILE
                ? IDENTITY
                : accepted.stream()
                        .flatMap(name ->
                                Stream.ofNullable(name.equals("*") ? GZIP : NAMES.get(name.toLowerCase(Locale.ROOT))))
                        .findFirst()
                        .orElse(IDENTITY);
    }

    /** Compresses an answer. */
    ByteBuffer encode(ByteBuffer body) {
        if (this == IDENTITY) {
            return body;
        }
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, this == GZIP);
        try {
            CRC32 sum = new CRC32();
            sum.update(body.duplicate());
            int length = body.remaining();
            deflater.setInput(body.duplicate());
            deflater.finish();
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            byte[] chunk = new byte[CHUNK];
            if (this == GZIP) {
                packed.writeBytes(GZIP_HEAD);
            }
            while (!deflater.finished()) {
                packed.write(chunk, 0, deflater.deflate(chunk));
            }
            if (this == GZIP) {
                for (long trailer = sum.getValue() | (long) length << Integer.SIZE, i = 0; i < Long.BYTES; i++) {
                    packed.write((int) (trailer >>> Byte.SIZE * i));
                }
            }
            return ByteBuffer.wrap(packed.toByteArray());
        } finally {
            deflater.end();
        }
    }

    /**
     * Decompresses a body.
     *
     * @param most largest size in bytes after decompression
     * @param taking called with the amount of memory before it is allocated
     * @throws HttpError if it is damaged or larger
     */
    byte[] decode(byte[] body, int most, LongConsumer taking) {
        Inflating inflating = new Inflating(body, most, taking);
        if (this == IDENTITY) {
            return body;
        }
        return this == GZIP ? inflating.gzip() : inflating.deflate();
    }

    /** A decompressor of bodies. It loops where the JDK's streams recurse for each empty member of a gzip file. */
    private static final class Inflating {
        private static final int HEAD_BYTES = 10;
        private static final int TRAILER_BYTES = 8;
        private static final int HAS_HEAD_SUM = 2;
        private static final int HAS_EXTRA = 4;
        private static final int HAS_NAME = 8;
        private static final int HAS_COMMENT = 16;

        private final byte[] body;
        private final int most;
        private final LongConsumer taking;
        private final ByteArrayOutputStream unpacked = new ByteArrayOutputStream();
        private final byte[] chunk = new byte[CHUNK];
        private int at;

        Inflating(byte[] body, int most, LongConsumer taking) {
            this.body = body;
            this.most = most;
            this.taking = taking;
        }

        byte[] gzip() {
            Inflater inflater = new Inflater(true);
            try {
                do {
                    head();
                    int start = unpacked.size();
                    CRC32 sum = new CRC32();
                    inflater.reset();
                    inflate(inflater, sum);
                    trailer(sum.getValue(), unpacked.size() - start);
                } while (at < body.length);
            } finally {
                inflater.end();
            }
            return unpacked.toByteArray();
        }

        /** Decompresses data in zlib's format, as specified, or raw deflate data, as some clients send. */
        byte[] deflate() {
            boolean isZlib = body.length > 1
                    && (body[0] & 0x0f) == 8
                    && ((body[0] & 0xff) << Byte.SIZE | body[1] & 0xff) % 31 == 0;
            Inflater inflater = new Inflater(!isZlib);
            try {
                inflate(inflater, new CRC32());
            } finally {
                inflater.end();
            }
            if (at < body.length) {
                throw damaged("bytes are left over after it");
            }
            return unpacked.toByteArray();
        }

        private void inflate(Inflater inflater, CRC32 sum) {
            inflater.setInput(body, at, body.length - at);
            try {
                while (!inflater.finished()) {
                    int count = inflater.inflate(chunk);
                    if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                        throw damaged("it is truncated");
                    }
                    if (count > most - unpacked.size()) {
                        throw HttpError.tooLarge(most);
                    }
                    taking.accept(count);
                    unpacked.write(chunk, 0, count);
                    sum.update(chunk, 0, count);
                }
            } catch (DataFormatException damage) {
                throw damaged("it cannot be decompressed");
            }
            at = body.length - inflater.getRemaining();
        }

        private void head() {
            int start = at;
            require(HEAD_BYTES);
            int flags = body[at + 3];
            if (body[at] != GZIP_HEAD[0]
                    || body[at + 1] != GZIP_HEAD[1]
                    || body[at + 2] != GZIP_HEAD[2]
                    || flags < 0
                    || flags >= 32) {
                throw damaged(start == 0 ? "it does not start as gzip" : "bytes are left over after it");
            }
            at += HEAD_BYTES;
            if ((flags & HAS_EXTRA) != 0) {
                require(2);
                int length = body[at] & 0xff | (body[at + 1] & 0xff) << Byte.SIZE;
                require(2 + length);
                at += 2 + length;
            }
            skipText(flags & HAS_NAME);
            skipText(flags & HAS_COMMENT);
            int sum = (flags & HAS_HEAD_SUM) == 0 ? 0 : 2;
            require(sum);
            at += sum;
        }

        private void skipText(int flag) {
            for (boolean more = flag != 0; more; at++) {
                require(1);
                more = body[at] != 0;
            }
        }

        private void trailer(long sum, int length) {
            require(TRAILER_BYTES);
            long trailer = ByteBuffer.wrap(body, at, TRAILER_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
            if (trailer != (sum | (long) length << Integer.SIZE)) {
                throw damaged("its checksum is wrong");
            }
            at += TRAILER_BYTES;
        }

        private void require(int bytes) {
            if (bytes > body.length - at) {
                throw damaged("it is truncated");
            }
        }

        private static HttpError damaged(String what) {
            return HttpError.badRequest("the body is not encoded as the header Content-Encoding says: " + what);
        }
    }
}
