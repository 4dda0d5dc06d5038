package io.portolan.programs.exported;

import io.portolan.programs.ProgramException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of a FlatBuffer. Every offset and length is checked against the bytes of the file; what tables, vectors and texts amount to
 * is limited by the size of the file, because several offsets can lead to the same ones.
 */
final class FlatBuffer {
    private static final long LEAST_LIMIT = 1 << 20;
    private static final long PARTS_OF_BYTE = 8;

    private static final int PARTS_OF_TABLE = 16;

    private final ByteBuffer bytes;
    private final long limit;
    private long parts;

    FlatBuffer(ByteBuffer bytes) {
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        this.limit = Math.max(LEAST_LIMIT, PARTS_OF_BYTE * bytes.remaining());
    }

    /** The table that the file begins with. */
    FlatTable root() throws ProgramException {
        return table(0);
    }

    /** The table that the offset at a position leads to. */
    FlatTable table(int at) throws ProgramException {
        count(PARTS_OF_TABLE);
        int table = follow(at);
        require(table, Integer.BYTES, "a table");
        int vtable = checked(table - (long) bytes.getInt(table), 2L * Short.BYTES, "the layout of a table");
        int layoutSize = unsignedShort(vtable);
        int tableSize = unsignedShort(vtable + Short.BYTES);
        if (layoutSize < 2 * Short.BYTES || layoutSize % Short.BYTES != 0 || tableSize < Integer.BYTES) {
            throw ProgramException.at(vtable, "the layout of a table is damaged");
        }
        require(vtable, layoutSize, "the layout of a table");
        require(table, tableSize, "a table");
        return new FlatTable(this, table, vtable, layoutSize, tableSize);
    }

    /** The position that the unsigned offset at a position leads to. */
    int follow(int at) throws ProgramException {
        require(at, Integer.BYTES, "an offset");
        long offset = Integer.toUnsignedLong(bytes.getInt(at));
        if (offset == 0) {
            throw ProgramException.at(at, "an offset leads nowhere");
        }
        return checked(at + offset, 0, "the target of an offset");
    }

    /** The number of elements of the vector at a position. */
    int length(int vector, int elementSize) throws ProgramException {
        require(vector, Integer.BYTES, "the length of a vector");
        long length = Integer.toUnsignedLong(bytes.getInt(vector));
        require(vector + Integer.BYTES, length * elementSize, "a vector of " + length + " elements");
        return (int) length;
    }

    /** Bytes as a part of the file, without a copy. */
    ByteBuffer slice(int from, int length) {
        return bytes.slice(from, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    int unsignedByte(int at) {
        return Byte.toUnsignedInt(bytes.get(at));
    }

    int unsignedShort(int at) {
        return Short.toUnsignedInt(bytes.getShort(at));
    }

    int signedInt(int at) {
        return bytes.getInt(at);
    }

    /** Counts what is taken from the file. */
    void count(long more) throws ProgramException {
        parts += more;
        if (parts > limit) {
            throw new ProgramException("the trees and names of the program have more than " + limit + " parts");
        }
    }

    private int checked(long position, long size, String what) throws ProgramException {
        require(position, size, what);
        return (int) position;
    }

    private void require(long from, long size, String what) throws ProgramException {
        if (from < 0 || from > bytes.limit() - size) {
            throw ProgramException.at(from, what + " is not within the " + bytes.limit() + " bytes of the file");
        }
    }
}
