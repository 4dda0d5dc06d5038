package io.portolan.checkpoints.msgpack;

import io.portolan.checkpoints.values.CheckpointException;
import java.math.BigInteger;

/** The type codes of MessagePack values, with readers for the rest of the value. */
enum Code {
    POSITIVE(0x00, 0x7f, (reader, in, code) -> (long) code),
    SHORT_MAP(0x80, 0x8f, (reader, in, code) -> reader.map(code & 0xf)),
    SHORT_ARRAY(0x90, 0x9f, (reader, in, code) -> reader.array(code & 0xf)),
    SHORT_TEXT(0xa0, 0xbf, (reader, in, code) -> in.utf8(code & 0x1f)),
    NIL(0xc0, 0xc0, (reader, in, code) -> null),
    FALSE(0xc2, 0xc2, (reader, in, code) -> false),
    TRUE(0xc3, 0xc3, (reader, in, code) -> true),
    BINARY(0xc4, 0xc6, (reader, in, code) -> reader.binary(in.unsigned(1 << code - 0xc4))),
    EXTENSION(0xc7, 0xc9, (reader, in, code) -> reader.extension(in.unsigned(1 << code - 0xc7))),
    FLOAT(0xca, 0xca, (reader, in, code) -> (double) Float.intBitsToFloat((int) in.signed(Float.BYTES))),
    DOUBLE(0xcb, 0xcb, (reader, in, code) -> Double.longBitsToDouble(in.signed(Double.BYTES))),
    UNSIGNED(0xcc, 0xce, (reader, in, code) -> in.unsigned(1 << code - 0xcc)),
    UNSIGNED_64(0xcf, 0xcf, (reader, in, code) -> Code.unsigned64(in.signed(Long.BYTES))),
    SIGNED(0xd0, 0xd3, (reader, in, code) -> in.signed(1 << code - 0xd0)),
    FIXED_EXTENSION(0xd4, 0xd8, (reader, in, code) -> reader.extension(1 << code - 0xd4)),
    TEXT(0xd9, 0xdb, (reader, in, code) -> in.utf8(in.unsigned(1 << code - 0xd9))),
    ARRAY(0xdc, 0xdd, (reader, in, code) -> reader.array(in.unsigned(2 << code - 0xdc))),
    MAP(0xde, 0xdf, (reader, in, code) -> reader.map(in.unsigned(2 << code - 0xde))),
    NEGATIVE(0xe0, 0xff, (reader, in, code) -> (long) (byte) code);

    private interface Form {
        Object read(MessagePackReader reader, MessagePackInput in, int code) throws CheckpointException;
    }

    private static final Code[] BY_BYTE = new Code[256];

    static {
        for (Code code : values()) {
            for (int first = code.first; first <= code.last; first++) {
                BY_BYTE[first] = code;
            }
        }
    }

    private final int first;
    private final int last;
    private final Form form;

    Code(int first, int last, Form form) {
        this.first = first;
        this.last = last;
        this.form = form;
    }

    static Object read(MessagePackReader reader, MessagePackInput in) throws CheckpointException {
        int start = in.unsignedByte();
        Code code = BY_BYTE[start];
        if (code == null) {
            throw in.error(String.format("byte 0x%02x starts no value", start), "MessagePack");
        }
        return code.form.read(reader, in, start);
    }

    private static Object unsigned64(long bits) {
        if (bits >= 0) {
            return bits;
        }
        return new BigInteger(Long.toUnsignedString(bits));
    }
}
