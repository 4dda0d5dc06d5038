package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.TensorType;
import java.nio.ByteBuffer;

/** The elements of constants: bytes of the file as they are, but for booleans. */
final class TensorData {
    private static final byte ALL_TRUE = (byte) 0xFF;

    private TensorData() {}

    /**
     * Elements of a type.
     *
     * @param in where they were read, for messages
     */
    static Elements of(TensorType type, ByteBuffer blob, ByteCursor in) throws ProgramException {
        try {
            // A splat of no elements still holds its one element.
            if (type.isStatic()
                    && type.count() == 0
                    && blob.remaining() == type.element().bytes()) {
                return new Elements(type, ByteBuffer.allocate(0));
            }
            return new Elements(type, type.element() == ElementType.I1 ? booleans(type, blob) : blob);
        } catch (IllegalArgumentException refused) {
            throw in.fault(refused.getMessage());
        } catch (ArithmeticException overflow) {
            throw in.fault(type + " has more elements than 63 bits count");
        }
    }

    /** Booleans as one byte each, or one byte for all: stored like that, or in bits, eight to a byte. */
    private static ByteBuffer booleans(TensorType type, ByteBuffer blob) {
        long count = type.isStatic() ? type.count() : blob.remaining();
        int length = blob.remaining();
        if (length == 1 && count > 0 && blob.get(0) == ALL_TRUE) {
            return ByteBuffer.wrap(new byte[] {1});
        }
        if (length != count && length == count / 8 + (count % 8 == 0 ? 0 : 1)) {
            byte[] unpacked = new byte[Math.toIntExact(count)];
            for (int i = 0; i < unpacked.length; i++) {
                unpacked[i] = (byte) (blob.get(i / 8) >> i % 8 & 1);
            }
            return ByteBuffer.wrap(unpacked);
        }
        for (int i = 0; i < length; i++) {
            if (blob.get(i) != 0 && blob.get(i) != 1) {
                throw new IllegalArgumentException(
                        "a boolean of a " + type + " is stored as " + blob.get(i) + ", expected 0 or 1");
            }
        }
        return blob;
    }
}
