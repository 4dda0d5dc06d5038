package io.portolan.graphs.data;

import io.portolan.checkpoints.numpy.NpyFile;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.graphs.data.error.DatasetException;
import io.portolan.images.ImageInput;
import io.portolan.images.InputLayout;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes {@code images}, uint8 (N,H,W), and {@code labels}, int32 (N), as numpy's {@code savez_compressed} would. */
final class NpzWriter {
    /** A fixed time, so that the same images make the same file. */
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
            begin(zip, "images", ElementType.UINT8, all.size(), input.height(), input.width());
            SampleLoop.run(all, progress, (index, values, label) -> {
                zip.write(SampleLoop.grey(index, values));
                labels.putInt(label);
            });
            begin(zip, "labels", ElementType.INT32, all.size());
            zip.write(labels.array());
        }
    }

    /** Starts an array of the archive with its header. */
    private static void begin(ZipOutputStream zip, String name, ElementType type, long... shape) throws IOException {
        ZipEntry entry = new ZipEntry(name + ".npy");
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        zip.write(NpyFile.header(type, shape));
    }
}
