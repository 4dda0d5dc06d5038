package io.portolan.server;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.portolan.runtime.ElementType;
import io.portolan.runtime.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * Reads and writes the elements of tensors as JSON, flat or nested by the shape, row-major. Only the tensor itself is
 * held in memory.
 */
final class JsonTensor {
    private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(Long.SIZE);

    /** The strings for these values in the JSON of protocol buffers, which Jackson also writes. */
    private static final Map<String, Double> UNWRITABLE =
            Map.of("NaN", Double.NaN, "Infinity", Double.POSITIVE_INFINITY, "-Infinity", Double.NEGATIVE_INFINITY);

    private static final Map<ElementType, Form> FORMS = new EnumMap<>(Map.ofEntries(
            Map.entry(
                    ElementType.BOOL,
                    new Form(
                            "true or false",
                            (json, data) -> data.put((byte) (bool(json) ? 1 : 0)),
                            (data, json) -> json.writeBoolean(data.get() != 0))),
            Map.entry(
                    ElementType.INT8,
                    new Form(
                            "an integer from -128 to 127",
                            (json, data) -> data.put((byte) whole(json, Byte.MIN_VALUE, Byte.MAX_VALUE)),
                            (data, json) -> json.writeNumber(data.get()))),
            Map.entry(
                    ElementType.INT16,
                    new Form(
                            "an integer from -32768 to 32767",
                            (json, data) -> data.putShort((short) whole(json, Short.MIN_VALUE, Short.MAX_VALUE)),
                            (data, json) -> json.writeNumber(data.getShort()))),
            Map.entry(
                    ElementType.INT32,
                    new Form(
                            "an integer of 32 bits",
                            (json, data) -> data.putInt((int) whole(json, Integer.MIN_VALUE, Integer.MAX_VALUE)),
                            (data, json) -> json.writeNumber(data.getInt()))),
            Map.entry(
                    ElementType.INT64,
                    new Form(
                            "an integer of 64 bits",
                            (json, data) -> data.putLong(whole(json, Long.MIN_VALUE, Long.MAX_VALUE)),
                            (data, json) -> json.writeNumber(data.getLong()))),
            Map.entry(
                    ElementType.UINT8,
                    new Form(
                            "an integer from 0 to 255",
                            (json, data) -> data.put((byte) whole(json, 0, 0xff)),
                            (data, json) -> json.writeNumber(Byte.toUnsignedInt(data.get())))),
            Map.entry(
                    ElementType.UINT16,
                    new Form(
                            "an integer from 0 to 65535",
                            (json, data) -> data.putShort((short) whole(json, 0, 0xffff)),
                            (data, json) -> json.writeNumber(Short.toUnsignedInt(data.getShort())))),
            Map.entry(
                    ElementType.UINT32,
                    new Form(
                            "an integer from 0 to 4294967295",
                            (json, data) -> data.putInt((int) whole(json, 0, 0xffff_ffffL)),
                            (data, json) -> json.writeNumber(Integer.toUnsignedLong(data.getInt())))),
            Map.entry(
                    ElementType.UINT64,
                    new Form(
                            "an integer from 0 to 18446744073709551615",
                            (json, data) -> data.putLong(unsigned(json).longValue()),
                            (data, json) -> json.writeNumber(new BigInteger(Long.toUnsignedString(data.getLong()))))),
            Map.entry(
                    ElementType.FLOAT,
                    new Form(
                            "a number that float32 can hold",
                            (json, data) -> data.putFloat((float) real(json, JsonParser::getFloatValue)),
                            (data, json) -> json.writeNumber(data.getFloat()))),
            Map.entry(
                    ElementType.DOUBLE,
                    new Form(
                            "a number that float64 can hold",
                            (json, data) -> data.putDouble(real(json, JsonParser::getDoubleValue)),
                            (data, json) -> json.writeNumber(data.getDouble())))));

    private record Form(String expected, ElementReader reader, ElementWriter writer) {}

    /** Reads one element from the parser's current token. */
    @FunctionalInterface
    private interface ElementReader {
        void read(JsonParser json, ByteBuffer data) throws IOException, UnfitElementException;
    }

    @FunctionalInterface
    private interface ElementWriter {
        void write(ByteBuffer data, JsonGenerator json) throws IOException;
    }

    private static final class UnfitElementException extends Exception {
        UnfitElementException() {
            super(null, null, false, false);
        }
    }

    private final JsonParser json;
    private final String input;
    private final ElementType type;
    private final long[] shape;
    private final int size;
    private int read;

    private JsonTensor(JsonParser json, String input, ElementType type, long... shape) {
        this.json = json;
        this.input = input;
        this.type = type;
        this.shape = shape;
        this.size = Tensor.bytes(type, shape) / Math.max(1, type == ElementType.STRING ? Integer.BYTES : type.bytes());
    }

    /**
     * Reads a tensor whose shape is within the limits.
     *
     * @param json at the start of the array
     * @throws HttpError if the elements do not match the type or the shape
     */
    static Tensor read(JsonParser json, String input, ElementType type, long... shape) throws IOException {
        return new JsonTensor(json, input, type, shape).read();
    }

    private Tensor read() throws IOException {
        if (type == ElementType.STRING) {
            return strings();
        }
        Form form = FORMS.get(type);
        if (form == null) {
            throw refused(Datatype.name(type) + " cannot be represented in JSON; send it as binary data");
        }
        Tensor tensor = Tensor.allocate(type, shape);
        ByteBuffer data = tensor.writable();
        array(0, () -> {
            try {
                form.reader().read(json, data);
            } catch (UnfitElementException unfit) {
                throw refused("element " + read + " is not " + form.expected());
            }
        });
        return tensor;
    }

    private Tensor strings() throws IOException {
        ByteArrayOutputStream texts = new ByteArrayOutputStream();
        array(0, () -> {
            if (json.currentToken() != JsonToken.VALUE_STRING) {
                throw refused("element " + read + " is not a string");
            }
            byte[] text = JsonTexts.requireWhole(json.getText(), "element " + read + " of input '" + input + "'")
                    .getBytes(StandardCharsets.UTF_8);
            texts.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(text.length)
                    .array());
            texts.writeBytes(text);
        });
        ByteBuffer data = ByteBuffer.allocateDirect(texts.size());
        data.put(texts.toByteArray());
        return new Tensor(type, shape, data);
    }

    @FunctionalInterface
    private interface Element {
        void read() throws IOException;
    }

    /** Reads the array at the parser's position; nested arrays must match the shape. */
    private void array(int depth, Element element) throws IOException {
        int before = read;
        long entries = 0;
        boolean nested = false;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            boolean isArray = json.currentToken() == JsonToken.START_ARRAY;
            if (entries++ > 0 && isArray != nested) {
                throw refused("arrays and elements are mixed");
            }
            nested = isArray;
            if (nested && depth + 1 >= shape.length) {
                throw refused("arrays are nested deeper than the shape has dimensions");
            }
            if (nested) {
                array(depth + 1, element);
            } else if (read == size) {
                throw refused("more than the " + size + " elements of its shape");
            } else {
                element.read();
                read++;
            }
        }
        boolean isFlat = depth == 0 && !nested;
        if (isFlat ? read - before != size : entries != shape[depth] || !nested && depth != shape.length - 1) {
            throw refused(
                    "shape " + Arrays.toString(shape) + " takes " + size + " elements, flat or nested by it; found "
                            + entries + " entries in an array at depth " + (depth + 1));
        }
    }

    private HttpError refused(String what) {
        return HttpError.badRequest("input '" + input + "': " + what);
    }

    /** Writes the elements as a flat array. */
    static void write(Tensor tensor, String output, JsonGenerator json) throws IOException {
        ByteBuffer data = tensor.data();
        json.writeStartArray();
        if (tensor.type() == ElementType.STRING) {
            while (data.hasRemaining()) {
                byte[] text = new byte[data.getInt()];
                data.get(text);
                json.writeString(new String(text, StandardCharsets.UTF_8));
            }
        } else {
            Form form = FORMS.get(tensor.type());
            if (form == null) {
                throw HttpError.badRequest("output '" + output + "' is " + Datatype.name(tensor.type())
                        + ", which cannot be represented in JSON; request binary data");
            }
            while (data.hasRemaining()) {
                form.writer().write(data, json);
            }
        }
        json.writeEndArray();
    }

    private static boolean bool(JsonParser json) throws UnfitElementException {
        return switch (json.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw new UnfitElementException();
        };
    }

    private static long whole(JsonParser json, long least, long largest) throws IOException, UnfitElementException {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
                || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw new UnfitElementException();
        }
        long value = json.getLongValue();
        if (value < least || value > largest) {
            throw new UnfitElementException();
        }
        return value;
    }

    private static BigInteger unsigned(JsonParser json) throws IOException, UnfitElementException {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw new UnfitElementException();
        }
        BigInteger value = json.getBigIntegerValue();
        if (value.signum() < 0 || value.compareTo(TWO_TO_64) >= 0) {
            throw new UnfitElementException();
        }
        return value;
    }

    @FunctionalInterface
    private interface RealReader {
        double read(JsonParser json) throws IOException;
    }

    /** Reads a number, or one of the strings for values that JSON numbers cannot represent. */
    private static double real(JsonParser json, RealReader reader) throws IOException, UnfitElementException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            Double unwritable = UNWRITABLE.get(json.getText());
            if (unwritable == null) {
                throw new UnfitElementException();
            }
            return unwritable;
        }
        if (!json.currentToken().isNumeric()) {
            throw new UnfitElementException();
        }
        double value = reader.read(json);
        if (!Double.isFinite(value)) {
            throw new UnfitElementException();
        }
        return value;
    }
}
