package io.portolan.checkpoints.values;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text as UTF-8, without the question marks that {@link String#getBytes} puts for what it cannot encode. */
public final class Utf8 {
    private Utf8() {}

    /** Whether a text can be encoded: it holds no half of a surrogate pair. */
    public static boolean holds(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /**
     * The bytes of a text.
     *
     * @throws IllegalArgumentException if the text holds half of a surrogate pair
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
