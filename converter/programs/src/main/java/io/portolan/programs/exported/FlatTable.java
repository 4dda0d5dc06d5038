package io.portolan.programs.exported;

import io.portolan.programs.ProgramException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table of a FlatBuffer. Fields have numbers; absent ones have their default.
 *
 * @param position where it begins
 * @param vtable where its layout begins
 * @param layoutSize the size of its layout in bytes
 * @param size its size in bytes
 */
record FlatTable(FlatBuffer file, int position, int vtable, int layoutSize, int size) {
    private static final int LAYOUT_HEAD = 4;

    private interface Element<T> {
        T at(int position) throws ProgramException;
    }

    /** An unsigned byte; 0 if absent. */
    int unsignedByte(int field) throws ProgramException {
        int at = find(field, Byte.BYTES);
        return at == 0 ? 0 : file.unsignedByte(at);
    }

    /** An unsigned number of two bytes; 0 if absent. */
    int unsignedShort(int field) throws ProgramException {
        int at = find(field, Short.BYTES);
        return at == 0 ? 0 : file.unsignedShort(at);
    }

    /** An unsigned number of four bytes; 0 if absent. */
    long unsignedInt(int field) throws ProgramException {
        int at = find(field, Integer.BYTES);
        return at == 0 ? 0 : Integer.toUnsignedLong(file.signedInt(at));
    }

    /** A text; empty if absent. */
    String text(int field) throws ProgramException {
        int at = find(field, Integer.BYTES);
        return at == 0 ? "" : textAt(at);
    }

    /** A table, if it is there. */
    Optional<FlatTable> table(int field) throws ProgramException {
        int at = find(field, Integer.BYTES);
        return at == 0 ? Optional.empty() : Optional.of(file.table(at));
    }

    /** The bytes of a vector as a part of the file; empty if absent. */
    ByteBuffer bytes(int field) throws ProgramException {
        int vector = vector(field);
        return vector == 0
                ? ByteBuffer.allocate(0)
                : file.slice(vector + Integer.BYTES, file.length(vector, Byte.BYTES));
    }

    /** Where the bytes of a vector that is there begin in the file. */
    int bytesPosition(int field) throws ProgramException {
        return vector(field) + Integer.BYTES;
    }

    /** Texts; none if absent. */
    List<String> texts(int field) throws ProgramException {
        return vector(field, Integer.BYTES, this::textAt);
    }

    /** Tables; none if absent. */
    List<FlatTable> tables(int field) throws ProgramException {
        return vector(field, Integer.BYTES, file::table);
    }

    /** Unsigned numbers of two bytes; none if absent. */
    List<Integer> unsignedShorts(int field) throws ProgramException {
        return vector(field, Short.BYTES, file::unsignedShort);
    }

    /** Unsigned numbers of four bytes; none if absent. */
    List<Long> unsignedInts(int field) throws ProgramException {
        return vector(field, Integer.BYTES, at -> Integer.toUnsignedLong(file.signedInt(at)));
    }

    private String textAt(int at) throws ProgramException {
        int vector = file.follow(at);
        int length = file.length(vector, Byte.BYTES);
        file.count(length);
        return StandardCharsets.UTF_8
                .decode(file.slice(vector + Integer.BYTES, length))
                .toString();
    }

    private int vector(int field) throws ProgramException {
        int at = find(field, Integer.BYTES);
        return at == 0 ? 0 : file.follow(at);
    }

    private <T> List<T> vector(int field, int elementSize, Element<T> element) throws ProgramException {
        int vector = vector(field);
        List<T> elements = new ArrayList<>();
        if (vector != 0) {
            int length = file.length(vector, elementSize);
            file.count(length);
            for (int i = 0; i < length; i++) {
                elements.add(element.at(vector + Integer.BYTES + i * elementSize));
            }
        }
        return elements;
    }

    /** The position of a field; 0 if it is absent. */
    private int find(int field, int fieldSize) throws ProgramException {
        int entry = LAYOUT_HEAD + Short.BYTES * field;
        int offset = entry < layoutSize ? file.unsignedShort(vtable + entry) : 0;
        if (offset == 0) {
            return 0;
        }
        if (offset < LAYOUT_HEAD || offset > size - fieldSize) {
            throw ProgramException.at(
                    vtable + entry, "field " + field + " is not within the " + size + " bytes of its table");
        }
        return position + offset;
    }
}
