package io.portolan.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtUtil;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts with characters above U+FFFF, such as emojis. ONNX Runtime's Java interface passes texts through JNI, which has an encoding of its own for
 * them: a model would get other bytes than UTF-8, and find no such text in its tables. So these texts go in as constants of a small model. What
 * comes out is put together from the bytes: for each of the four bytes of such a character the JVM makes one character, but it cuts the text off, because
 * it counts the four as one. So a small model appends what may be cut off.
 */
final class NativeTexts {
    /** What the JVM makes of the four bytes of a character. */
    private static final Pattern FOUR_BYTES = Pattern.compile("[\u00f0-\u00f4][\u0080-\u00bf]{3}");

    /** The same, of which some may be cut off. */
    private static final Pattern SOME_BYTES = Pattern.compile("[\u00f0-\u00f4]([\u0080-\u00bf]|$)");

    private static final int CUT_OFF_EACH = 3;
    private static final char END = '\u0001';

    private static final int IR_VERSION = 9;
    private static final int OPSET = 20;
    private static final int STRING = 8;

    private NativeTexts() {}

    /** A native tensor of texts, which the caller must close. */
    static OnnxTensor open(String[] texts, long[] shape) throws OrtException {
        boolean isPlain = Arrays.stream(texts)
                .allMatch(text -> text.chars().noneMatch(unit -> Character.isSurrogate((char) unit)));
        if (isPlain) {
            return OnnxTensor.createTensor(OrtSessions.environment(), texts, shape);
        }
        WireMessage graph = new WireMessage()
                .message(1, node("Identity", "texts"))
                .text(2, "copy")
                .message(5, constant(texts, shape))
                .message(12, value("result"));
        try (OrtSession session = session(graph)) {
            // The result is not closed, because that would close its tensor too.
            return (OnnxTensor) session.run(Map.of()).get(0);
        }
    }

    /** The texts of a native tensor with at least one element, row-major. */
    static String[] of(OnnxTensor tensor) throws OrtException {
        String[] read = flat(tensor);
        if (Arrays.stream(read).noneMatch(text -> SOME_BYTES.matcher(text).find())) {
            return read;
        }
        int longest = Arrays.stream(read).mapToInt(String::length).max().orElse(0);
        String[] end = {END + " ".repeat(CUT_OFF_EACH * longest)};
        WireMessage graph = new WireMessage()
                .message(1, node("StringConcat", "tensor", "texts"))
                .text(2, "append")
                .message(5, constant(end, new long[0]))
                .message(11, value("tensor"))
                .message(12, value("result"));
        try (OrtSession session = session(graph);
                OrtSession.Result result = session.run(Map.of("tensor", tensor))) {
            String[] texts = flat((OnnxTensor) result.get(0));
            for (int i = 0; i < texts.length; i++) {
                String whole = texts[i].substring(0, texts[i].lastIndexOf(END));
                texts[i] = joined(whole, (whole.length() - read[i].length()) / CUT_OFF_EACH);
            }
            return texts;
        }
    }

    private static String[] flat(OnnxTensor tensor) throws OrtException {
        Object nested = tensor.getValue();
        return nested instanceof String one ? new String[] {one} : OrtUtil.flattenString((Object[]) nested);
    }

    /**
     * A text with one character for what the JVM made of four bytes.
     *
     * @param count how often it did; text may also hold the same characters as such
     */
    private static String joined(String text, int count) {
        Matcher found = FOUR_BYTES.matcher(text);
        if (count > 0 && found.results().count() != count) {
            throw new ModelException(
                    "a text of the model cannot be read: it holds emojis beside other rare characters");
        }
        return count == 0 ? text : found.replaceAll(bytes -> decoded(bytes.group()));
    }

    private static String decoded(String bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException noCharacter) {
            throw new ModelException("a text of the model is not UTF-8", noCharacter);
        }
    }

    private static OrtSession session(WireMessage graph) {
        byte[] model = new WireMessage()
                .number(1, IR_VERSION)
                .message(7, graph)
                .message(8, new WireMessage().number(2, OPSET))
                .bytes();
        return OrtSessions.open(
                "texts",
                RuntimeOptions.defaults().withThreads(1),
                (environment, options) -> environment.createSession(model, options));
    }

    private static WireMessage node(String op, String... inputs) {
        WireMessage node = new WireMessage();
        Arrays.stream(inputs).forEach(input -> node.text(1, input));
        return node.text(2, "result").text(4, op);
    }

    private static WireMessage constant(String[] texts, long... shape) {
        WireMessage tensor = new WireMessage();
        Arrays.stream(shape).forEach(size -> tensor.number(1, Math.toIntExact(size)));
        tensor.number(2, STRING);
        Arrays.stream(texts).forEach(text -> tensor.message(6, encoded(text)));
        return tensor.text(8, "texts");
    }

    /** UTF-8, but for U+0000, which stands in two bytes, as through JNI: a byte of 0 would end the text there. */
    private static ByteBuffer encoded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer encoded = ByteBuffer.allocate(2 * bytes.length);
        for (byte each : bytes) {
            if (each == 0) {
                encoded.put((byte) 0xC0).put((byte) 0x80);
            } else {
                encoded.put(each);
            }
        }
        return encoded.flip();
    }

    /** Texts of any rank. */
    private static WireMessage value(String name) {
        return new WireMessage()
                .text(1, name)
                .message(2, new WireMessage().message(1, new WireMessage().number(1, STRING)));
    }
}
