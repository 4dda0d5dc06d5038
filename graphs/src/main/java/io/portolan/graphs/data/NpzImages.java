package io.portolan.graphs.data;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.graphs.data.error.DatasetException;
import io.portolan.images.ImageInput;
import java.nio.ByteBuffer;
import java.util.stream.LongStream;

/** Checks what arrays of images and labels look like. */
final class NpzImages {
    private static final String EXPECTED = "expected uint8 (N,H,W), or normalised float32 (N,H,W,3) or (N,T,H,W,3)";

    private NpzImages() {}

    /** An array of images along its first axis. */
    static ArrayData series(ArrayData array, String name) throws DatasetException {
        long[] shape = array.shape();
        boolean grey = array.type() == ElementType.UINT8 && shape.length == 3;
        boolean normalized = array.type() == ElementType.FLOAT32
                && (shape.length == 4 || shape.length == 5)
                && shape[shape.length - 1] == ImageInput.CHANNELS;
        boolean empty = LongStream.of(shape).skip(1).anyMatch(side -> side == 0);
        if (!grey && !normalized || empty) {
            throw new DatasetException(name + ": is " + array + "; " + EXPECTED);
        }
        return array;
    }

    /** Like {@link #series}, but an array that is one image becomes a series of one. */
    static ArrayData seriesOrOne(ArrayData array, String name) throws DatasetException {
        boolean one = array.rank() == (array.type() == ElementType.UINT8 ? 2 : 3);
        long[] shape = LongStream.concat(LongStream.of(1), LongStream.of(array.shape()))
                .toArray();
        return series(one ? ArrayData.of(array.type(), shape, array.bytes()) : array, name);
    }

    /** What one image of a series is. */
    static ImageInput form(ArrayData series) {
        long[] shape = series.shape();
        if (series.type() == ElementType.UINT8) {
            return ImageInput.still((int) shape[1], (int) shape[2]);
        }
        return shape.length == 4
                ? ImageInput.still((int) shape[1], (int) shape[2])
                : ImageInput.video((int) shape[1], (int) shape[2], (int) shape[3]);
    }

    /** Labels from a vector of whole numbers of any width. */
    static int[] labels(ArrayData array, String name) throws DatasetException {
        ByteBuffer bytes = array.bytes();
        int[] labels = new int[array.rank() == 1 ? (int) array.size() : 0];
        for (int i = 0; i < labels.length; i++) {
            long label = switch (array.type()) {
                case BOOL, INT8, UINT8 -> bytes.get(i);
                case INT16, UINT16 -> bytes.getShort(i * Short.BYTES);
                case INT32, UINT32 -> bytes.getInt(i * Integer.BYTES);
                case INT64, UINT64 -> bytes.getLong(i * Long.BYTES);
                default -> -1;
            };
            if (label < 0 || label > Integer.MAX_VALUE) {
                throw new DatasetException(name + ": " + array + " with element " + i
                        + " that is no label; expected whole numbers from 0");
            }
            labels[i] = (int) label;
        }
        if (array.rank() != 1) {
            throw new DatasetException(
                    name + ": is " + array + "; expected one label for each image, whole numbers (N)");
        }
        return labels;
    }
}
