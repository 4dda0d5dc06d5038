package io.portolan.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.portolan.runtime.ElementType;
import io.portolan.runtime.Tensor;
import io.portolan.server.Datatype;
import io.portolan.server.HttpError;
import io.portolan.server.InferenceRequestBuilder;
import io.portolan.server.RawTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Reads and writes {@code InferTensorContents}: the elements of a tensor in the field of their type. */
final class TensorContents {
    private static final String BYTES_FIELD = "bytes_contents";
    private static final int BYTES = 8;

    /** The 16-bit floats have no field. */
    private static final Map<ElementType, Form> FORMS = new EnumMap<>(Map.ofEntries(
            Map.entry(
                    ElementType.BOOL,
                    new Form(
                            1,
                            "bool_contents",
                            WireFields.VARINT,
                            (in, data) -> data.put((byte) (in.readBool() ? 1 : 0)),
                            data -> CodedOutputStream.computeBoolSizeNoTag(data.get() != 0),
                            (data, out) -> out.writeBoolNoTag(data.get() != 0))),
            Map.entry(
                    ElementType.INT8,
                    signed(
                            (in, data) -> data.put((byte) ranged(in.readInt32(), Byte.MIN_VALUE, Byte.MAX_VALUE)),
                            ByteBuffer::get)),
            Map.entry(
                    ElementType.INT16,
                    signed(
                            (in, data) ->
                                    data.putShort((short) ranged(in.readInt32(), Short.MIN_VALUE, Short.MAX_VALUE)),
                            ByteBuffer::getShort)),
            Map.entry(ElementType.INT32, signed((in, data) -> data.putInt(in.readInt32()), ByteBuffer::getInt)),
            Map.entry(
                    ElementType.INT64,
                    new Form(
                            3,
                            "int64_contents",
                            WireFields.VARINT,
                            (in, data) -> data.putLong(in.readInt64()),
                            data -> CodedOutputStream.computeInt64SizeNoTag(data.getLong()),
                            (data, out) -> out.writeInt64NoTag(data.getLong()))),
            Map.entry(
                    ElementType.UINT8,
                    unsigned(
                            (in, data) -> data.put((byte) ranged(in.readUInt32(), 0, 0xff)),
                            data -> Byte.toUnsignedInt(data.get()))),
            Map.entry(
                    ElementType.UINT16,
                    unsigned(
                            (in, data) -> data.putShort((short) ranged(in.readUInt32(), 0, 0xffff)),
                            data -> Short.toUnsignedInt(data.getShort()))),
            Map.entry(ElementType.UINT32, unsigned((in, data) -> data.putInt(in.readUInt32()), ByteBuffer::getInt)),
            Map.entry(
                    ElementType.UINT64,
                    new Form(
                            5,
                            "uint64_contents",
                            WireFields.VARINT,
                            (in, data) -> data.putLong(in.readUInt64()),
                            data -> CodedOutputStream.computeUInt64SizeNoTag(data.getLong()),
                            (data, out) -> out.writeUInt64NoTag(data.getLong()))),
            // As bits, which keeps every NaN as it is.
            Map.entry(
                    ElementType.FLOAT,
                    new Form(
                            6,
                            "fp32_contents",
                            WireFields.FIXED_32,
                            (in, data) -> data.putInt(in.readFixed32()),
                            data -> CodedOutputStream.computeFixed32SizeNoTag(data.getInt()),
                            (data, out) -> out.writeFixed32NoTag(data.getInt()))),
            Map.entry(
                    ElementType.DOUBLE,
                    new Form(
                            7,
                            "fp64_contents",
                            WireFields.FIXED_64,
                            (in, data) -> data.putLong(in.readFixed64()),
                            data -> CodedOutputStream.computeFixed64SizeNoTag(data.getLong()),
                            (data, out) -> out.writeFixed64NoTag(data.getLong())))));

    private static Form signed(ElementReader reader, ToIntFunction<ByteBuffer> element) {
        return new Form(
                2,
                "int_contents",
                WireFields.VARINT,
                reader,
                data -> CodedOutputStream.computeInt32SizeNoTag(element.applyAsInt(data)),
                (data, out) -> out.writeInt32NoTag(element.applyAsInt(data)));
    }

    private static Form unsigned(ElementReader reader, ToIntFunction<ByteBuffer> element) {
        return new Form(
                4,
                "uint_contents",
                WireFields.VARINT,
                reader,
                data -> CodedOutputStream.computeUInt32SizeNoTag(element.applyAsInt(data)),
                (data, out) -> out.writeUInt32NoTag(element.applyAsInt(data)));
    }

    /**
     * A field for elements.
     *
     * @param wireType of one element that is not packed
     * @param size takes an element from the data, and returns how many bytes it has in the message
     */
    private record Form(
            int field,
            String name,
            int wireType,
            ElementReader reader,
            ToIntFunction<ByteBuffer> size,
            ElementWriter writer) {}

    @FunctionalInterface
    private interface ElementReader {
        void read(CodedInputStream in, ByteBuffer data) throws IOException, UnfitElementException;
    }

    @FunctionalInterface
    private interface ElementWriter {
        void write(ByteBuffer data, CodedOutputStream out) throws IOException;
    }

    private static final class UnfitElementException extends Exception {
        UnfitElementException() {
            super(null, null, false, false);
        }
    }

    private static int ranged(int value, int least, int largest) throws UnfitElementException {
        // As unsigned, whatever is above 31 bits is also negative.
        if (value < least || value > largest) {
            throw new UnfitElementException();
        }
        return value;
    }

    private final String input;
    private final ElementType type;
    private final long[] shape;

    private TensorContents(String input, ElementType type, long... shape) {
        this.input = input;
        this.type = type;
        this.shape = shape;
    }

    /** Whether elements of the type can be in this form. */
    static boolean holds(ElementType type) {
        return type == ElementType.STRING || FORMS.containsKey(type);
    }

    /**
     * Reads a tensor, after checking its shape against the number of bytes that were sent.
     *
     * @param description the input's message, in which its contents may be in several pieces
     * @param contents tag of the contents in it
     * @param most bytes of all contents
     * @throws HttpError if the elements do not match the type or the shape
     */
    static Tensor read(String input, ElementType type, long[] shape, ByteBuffer description, int contents, int most) {
        if (!holds(type)) {
            throw HttpError.badRequest("input '" + input + "': " + Datatype.name(type)
                    + " has no field in the contents; send it in raw_input_contents");
        }
        InferenceRequestBuilder.requireElements(input, type, shape, most);
        TensorContents reader = new TensorContents(input, type, shape);
        return type == ElementType.STRING
                ? reader.strings(description, contents)
                : reader.elements(FORMS.get(type), description, contents);
    }

    private Tensor elements(Form form, ByteBuffer description, int contents) {
        Tensor tensor = Tensor.allocate(type, shape);
        ByteBuffer data = tensor.writable();
        eachField(description, contents, form.name(), form.field(), (tag, in) -> {
            if (WireFields.wireType(tag) == form.wireType()) {
                element(form, in, data);
                return;
            }
            requirePacked(form.name(), tag);
            int outer = in.pushLimit(in.readRawVarint32());
            while (!in.isAtEnd()) {
                element(form, in, data);
            }
            in.popLimit(outer);
        });
        if (data.hasRemaining()) {
            throw wrongCount(data.position() / type.bytes());
        }
        return tensor;
    }

    private void element(Form form, CodedInputStream in, ByteBuffer data) throws IOException {
        if (!data.hasRemaining()) {
            throw refused("more than the elements of its shape");
        }
        try {
            form.reader().read(in, data);
        } catch (UnfitElementException unfit) {
            throw refused("element " + data.position() / type.bytes() + " does not fit into " + Datatype.name(type));
        }
    }

    private Tensor strings(ByteBuffer description, int contents) {
        ByteArrayOutputStream texts = new ByteArrayOutputStream();
        int[] count = new int[1];
        eachField(description, contents, BYTES_FIELD, BYTES, (tag, in) -> {
            requirePacked(BYTES_FIELD, tag);
            byte[] text = in.readByteArray();
            texts.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(text.length)
                    .array());
            texts.writeBytes(text);
            count[0]++;
        });
        if (count[0] != Tensor.bytes(type, shape) / Integer.BYTES) {
            throw wrongCount(count[0]);
        }
        return RawTensor.read(input, type, shape, ByteBuffer.wrap(texts.toByteArray()));
    }

    private void requirePacked(String name, int tag) {
        if (WireFields.wireType(tag) != WireFields.LENGTH) {
            throw refused(name + " has values of another type");
        }
    }

    @FunctionalInterface
    private interface ValueReader {
        void read(int tag, CodedInputStream in) throws IOException;
    }

    /** Reads the fields of all pieces of the contents, which must be the one of the type. */
    private void eachField(ByteBuffer description, int contents, String name, int field, ValueReader reader) {
        WireFields.each(description, (outerTag, outer) -> {
            if (outerTag != contents) {
                return false;
            }
            WireFields.each(WireFields.slice(outer), (tag, in) -> {
                if (WireFields.number(tag) != field) {
                    throw refused(Datatype.name(type) + " is sent in " + name + ", not in field "
                            + WireFields.number(tag) + " of the contents");
                }
                reader.read(tag, in);
                return true;
            });
            return true;
        });
    }

    private HttpError wrongCount(int count) {
        return refused("its shape takes more elements than the " + count + " that were sent");
    }

    private HttpError refused(String what) {
        return HttpError.badRequest("input '" + input + "': " + what);
    }

    /** The size of the message in bytes. */
    static long size(Tensor tensor) {
        ByteBuffer data = tensor.data();
        if (tensor.type() == ElementType.STRING) {
            long bytes = 0;
            while (data.hasRemaining()) {
                int length = data.getInt();
                data.position(data.position() + length);
                bytes += CodedOutputStream.computeTagSize(BYTES)
                        + CodedOutputStream.computeUInt32SizeNoTag(length)
                        + length;
            }
            return bytes;
        }
        long packed = packedSize(FORMS.get(tensor.type()), data);
        return packed == 0 ? 0 : 1 + CodedOutputStream.computeUInt64SizeNoTag(packed) + packed;
    }

    private static long packedSize(Form form, ByteBuffer data) {
        long bytes = 0;
        while (data.hasRemaining()) {
            bytes += form.size().applyAsInt(data);
        }
        return bytes;
    }

    /** Writes the message, without its length. */
    static void write(Tensor tensor, CodedOutputStream out) throws IOException {
        ByteBuffer data = tensor.data();
        if (tensor.type() == ElementType.STRING) {
            while (data.hasRemaining()) {
                byte[] text = new byte[data.getInt()];
                data.get(text);
                out.writeByteArray(BYTES, text);
            }
            return;
        }
        Form form = FORMS.get(tensor.type());
        if (!data.hasRemaining()) {
            return;
        }
        out.writeTag(form.field(), WireFields.LENGTH);
        out.writeUInt64NoTag(packedSize(form, tensor.data()));
        while (data.hasRemaining()) {
            form.writer().write(data, out);
        }
    }
}
