package io.portolan.graphs.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A builder of archives of arrays whose elements count up from 0. */
final class NpzBuilder {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(bytes);

    /** @param type {@code |u1}, {@code <i4} or {@code <f4} */
    NpzBuilder array(String name, String type, int... shape) throws IOException {
        StringBuilder tuple = new StringBuilder();
        int size = 1;
        for (int side : shape) {
            tuple.append(side).append(',');
            size *= side;
        }
        String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + tuple + ")}\n";
        zip.putNextEntry(new ZipEntry(name + ".npy"));
        zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
        zip.write(header.getBytes(StandardCharsets.ISO_8859_1));
        zip.write(elements(type, size));
        return this;
    }

    Path write(Path file) throws IOException {
        zip.close();
        return Files.write(file, bytes.toByteArray());
    }

    private static byte[] elements(String type, int size) {
        ByteBuffer elements = ByteBuffer.allocate(size * (type.charAt(2) - '0')).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            switch (type) {
                case "|u1" -> elements.put((byte) i);
                case "<i4" -> elements.putInt(i);
                case "<f4" -> elements.putFloat(i);
                default -> throw new IllegalArgumentException(type);
            }
        }
        return elements.array();
    }
}
