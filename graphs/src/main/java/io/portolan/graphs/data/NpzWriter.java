package io.portolan.graphs.data;

import io.portolan.graphs.data.error.DatasetException;
import io.portolan.images.ImageInput;
import io.portolan.images.InputLayout;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes {@code images}, uint8 (N,H,W), and {@code labels}, int32 (N), as numpy's {@code savez_compressed} would. */
final class NpzWriter {
    /** The alignment of the elements that numpy uses. */
    private static final int ALIGNMENT = 64;

    private static final int PREAMBLE = 10;

    /** A fixed time, so that the same images give the same file. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private NpzWriter() {}

    static void write(DatasetSplits data, Path target, Runnable progress) throws IOException {
        Dataset all = data.all();
        ImageInput input = all.input();
        if (input.layout() != InputLayout.NHWC) {
            throw new DatasetException("videos cannot be written as 8-bit images");
        }
        ByteBuffer labels = ByteBuffer.allocate(Math.multiplyExact(all.size(), Integer.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        try (OutputStream file = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW);
                ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(file))) {
            begin(zip, "images", "|u1", all.size() + ", " + input.height() + ", " + input.width());
            SampleLoop.run(all, progress, (index, values, label) -> {
                zip.write(SampleLoop.grey(index, values));
                labels.putInt(label);
            });
            begin(zip, "labels", "<i4", all.size() + ",");
            zip.write(labels.array());
        }
    }

    /** Starts an array of the archive with its header. */
    private static void begin(ZipOutputStream zip, String name, String type, String shape) throws IOException {
        ZipEntry entry = new ZipEntry(name + ".npy");
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }";
        int padded = (PREAMBLE + header.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT - PREAMBLE;
        zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) padded, (byte) (padded >> Byte.SIZE)});
        zip.write((header + " ".repeat(padded - 1 - header.length()) + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }
}
