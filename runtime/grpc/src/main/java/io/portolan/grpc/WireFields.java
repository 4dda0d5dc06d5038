package io.portolan.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.portolan.server.HttpError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.stream.LongStream;

/** Reads messages field by field, without objects for them. */
final class WireFields {
    /** The wire type of integers, added to a field's number shifted by {@link #NUMBER}. */
    static final int VARINT = 0;

    /** The wire type of doubles. */
    static final int FIXED_64 = 1;

    /** The wire type of floats. */
    static final int FIXED_32 = 5;

    /** The wire type of strings, bytes, messages and packed lists. */
    static final int LENGTH = 2;

    /** Bits by which a field's number is shifted in its tag. */
    static final int NUMBER = 3;

    private static final int WIRE_TYPE = (1 << NUMBER) - 1;

    private WireFields() {}

    static int wireType(int tag) {
        return tag & WIRE_TYPE;
    }

    static int number(int tag) {
        return tag >>> NUMBER;
    }

    /** Reads the value of a field. */
    @FunctionalInterface
    interface FieldReader {
        /**
         * @param tag the field's number and wire type
         * @return false if this is no field that the reader knows, whose value it has left unread
         */
        boolean read(int tag, CodedInputStream in) throws IOException;
    }

    /**
     * Reads all fields of a message; others than those that the reader knows are skipped.
     *
     * @throws HttpError if this is not a message
     */
    static void each(ByteBuffer message, FieldReader reader) {
        CodedInputStream in = CodedInputStream.newInstance(message);
        in.enableAliasing(true);
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (!reader.read(tag, in) && !in.skipField(tag)) {
                    throw new InvalidProtocolBufferException("a group ends that did not start");
                }
            }
        } catch (IOException malformed) {
            throw HttpError.badRequest(
                    "the message is not one of the protocol: it is cut off or damaged, or a text is not UTF-8");
        }
    }

    /** Writes a packed list of integers; none if it is empty. */
    static void writePacked(CodedOutputStream out, int field, long... values) throws IOException {
        if (values.length > 0) {
            out.writeTag(field, LENGTH);
            out.writeUInt32NoTag(LongStream.of(values)
                    .mapToInt(CodedOutputStream::computeInt64SizeNoTag)
                    .sum());
            for (long value : values) {
                out.writeInt64NoTag(value);
            }
        }
    }

    /** The bytes of a field, not copied. */
    static ByteBuffer slice(CodedInputStream in) throws IOException {
        return in.readByteBuffer();
    }
}
