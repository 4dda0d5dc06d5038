package io.portolan.checkpoints.values;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Strict encoding of text as UTF-8, without the question marks of {@link String#getBytes}. */
public final class Utf8 {
    /** The first of the three bytes of a surrogate, whose second one is A0 to BF. */
    private static final int FIRST_OF_SURROGATE = 0xED;

    private Utf8() {}

    /** Whether a text can be encoded: it has no unpaired surrogate. */
    public static boolean holds(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /**
     * The bytes of a text in which an unpaired surrogate is encoded like a character, as Python's pickles do.
     */
    public static byte[] encodeUnits(String text) {
        if (holds(text)) {
            return encode(text);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        text.codePoints().forEach(point -> {
            if (Character.getType(point) == Character.SURROGATE) {
                bytes.write(FIRST_OF_SURROGATE);
                bytes.write(0x80 | point >> 6 & 0x3F);
                bytes.write(0x80 | point & 0x3F);
            } else {
                bytes.writeBytes(encode(Character.toString(point)));
            }
        });
        return bytes.toByteArray();
    }

    /**
     * The text of bytes that {@link #encodeUnits} could have made.
     *
     * @throws CharacterCodingException if they are not such text
     */
    public static String decodeUnits(ByteBuffer bytes) throws CharacterCodingException {
        StringBuilder text = new StringBuilder();
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer decoded = CharBuffer.allocate(bytes.remaining());
        while (true) {
            CoderResult result = decoder.reset().decode(bytes, decoded, true);
            text.append(decoded.flip());
            decoded.clear();
            if (!result.isError()) {
                return text.toString();
            }
            int at = bytes.position();
            int second = at + 2 < bytes.limit() ? Byte.toUnsignedInt(bytes.get(at + 1)) : 0;
            if (Byte.toUnsignedInt(bytes.get(at)) != FIRST_OF_SURROGATE
                    || second < 0xA0
                    || second > 0xBF
                    || (bytes.get(at + 2) & 0xC0) != 0x80) {
                result.throwException();
            }
            text.append((char) (0xD000 | (second & 0x3F) << 6 | bytes.get(at + 2) & 0x3F));
            bytes.position(at + 3);
        }
    }

    /**
     * The bytes of a text.
     *
     * @throws IllegalArgumentException if the text has an unpaired surrogate
     */
    public static byte[] encode(String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the text " + Quotation.of(text) + " holds half of a surrogate pair", e);
        }
    }
}
