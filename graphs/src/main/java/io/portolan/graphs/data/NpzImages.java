package io.portolan.graphs.data;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.graphs.data.error.DatasetException;
import io.portolan.images.ImageInput;
import java.nio.ByteBuffer;
import java.util.stream.LongStream;

/** Checks the types and shapes of image and label arrays. */
final class NpzImages {
    private static final String EXPECTED = "expected uint8 (N,H,W), or normalised float32 (N,H,W,3) or (N,T,H,W,3)";

    private NpzImages() {}

    /** Checks an array of images along its first axis, and returns it. */
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

    /** Like {@link #series}, but a single image becomes a series of one. */
    static ArrayData seriesOrOne(ArrayData array, String name) throws DatasetException {
        boolean one = array.rank() == (array.type() == ElementType.UINT8 ? 2 : 3);
        long[] shape = LongStream.concat(LongStream.of(1), LongStream.of(array.shape()))
                .toArray();
        return series(one ? ArrayData.of(array.type(), shape, array.bytes()) : array, name);
    }

    /** The form of one image of a series. */
    static ImageInput form(ArrayData series) {
        long[] shape = series.shape();
        if (series.type() == ElementType.UINT8) {
            return ImageInput.still((int) shape[1], (int) shape[2]);
        }
        return shape.length == 4
                ? ImageInput.still((int) shape[1], (int) shape[2])
                : ImageInput.video((int) shape[1], (int) shape[2], (int) shape[3]);
    }

    /** Reads labels from a vector of integers of any width. */
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
                throw new DatasetException(
                        name + ": " + array + " with element " + i + " that is not a label; expected integers from 0");
            }
            labels[i] = (int) label;
        }
        if (array.rank() != 1) {
            throw new DatasetException(name + ": is " + array + "; expected one integer label for each image (N)");
        }
        return labels;
    }
}
