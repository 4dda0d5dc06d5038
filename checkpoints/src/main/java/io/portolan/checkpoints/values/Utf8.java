package io.portolan.checkpoints.values;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strict encoding of text as UTF-8, without the question marks of {@link String#getBytes}. */
public final class Utf8 {
    private Utf8() {}

    /** Whether a text can be encoded: it has no unpaired surrogate. */
    public static boolean holds(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
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
