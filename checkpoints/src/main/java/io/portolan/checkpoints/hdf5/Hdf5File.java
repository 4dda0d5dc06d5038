package io.portolan.checkpoints.hdf5;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.portolan.checkpoints.containers.Magic;
import io.portolan.checkpoints.containers.UnpackingLimits;
import io.portolan.checkpoints.numpy.ArrayLayout;
import io.portolan.checkpoints.numpy.DType;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads an HDF5 file as nested dictionaries of arrays: groups are dictionaries. Of attributes, only texts can be read; links are not
 * followed.
 */
public final class Hdf5File {
    /** The magic bytes of a file. */
    public static final Magic MAGIC = new Magic(0, "\u0089HDF\r\n\u001a\n");

    private static final int DEEPEST = 64;
    private static final int MOST_NODES = 100_000;

    private final String name;
    private final long fileBytes;
    private final UnpackingLimits limits;
    private final boolean withTexts;
    private final TextAttributes attributes = new TextAttributes();
    private final Map<String, Map<String, List<String>>> texts = new LinkedHashMap<>();
    private int nodes;
    private long unpacked;

    private Hdf5File(String name, long fileBytes, UnpackingLimits limits, boolean withTexts) {
        this.name = name;
        this.fileBytes = fileBytes;
        this.limits = limits;
        this.withTexts = withTexts;
    }

    /**
     * Reads a file. Arrays that are stored in one piece are views of the bytes, which must not change afterwards.
     *
     * @param name what errors call the file
     * @throws CheckpointException if it is damaged, has 2 GiB or more, or holds anything but numbers
     */
    public static Map<String, Object> read(ByteRegion bytes, String name, UnpackingLimits limits)
            throws CheckpointException {
        return read(bytes, name, limits, false).arrays();
    }

    /**
     * Like {@link #read(ByteRegion, String, UnpackingLimits)}, with the attributes of groups that are texts.
     *
     * @param name what errors call the file
     * @throws CheckpointException if it is damaged, has 2 GiB or more, or holds anything but numbers in its arrays
     */
    public static Hdf5Contents readWithTexts(ByteRegion bytes, String name, UnpackingLimits limits)
            throws CheckpointException {
        return read(bytes, name, limits, true);
    }

    private static Hdf5Contents read(ByteRegion bytes, String name, UnpackingLimits limits, boolean withTexts)
            throws CheckpointException {
        if (!bytes.fitsBuffer()) {
            throw new CheckpointException(name + ": an HDF5 file of " + bytes
                    + ": expected fewer than 2 GiB; save the weights as .safetensors");
        }
        try (HdfFile file = HdfFile.fromByteBuffer(bytes.buffer())) {
            Hdf5File reader = new Hdf5File(name, bytes.size(), limits, withTexts);
            return new Hdf5Contents(reader.group(file, "", 0), Collections.unmodifiableMap(reader.texts));
        } catch (RuntimeException damaged) {
            // The library throws exceptions of many types for malformed files, and for some intact ones.
            throw new CheckpointException(
                    name + ": HDF5 that cannot be read (" + Quotation.of(reason(damaged))
                            + "): expected an undamaged file of numbers in groups; elements of bfloat16 and the newest format of"
                            + " HDF5 2.0 are not read, save them as float32 or as .safetensors",
                    damaged);
        }
    }

    /** The message of the first cause, which says most. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < DEEPEST && cause.getCause() != null; i++) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    private Map<String, Object> group(Group group, String path, int depth) throws CheckpointException {
        if (withTexts) {
            texts.put(path, attributes.of(group));
        }
        Map<String, Object> children = new LinkedHashMap<>();
        for (Map.Entry<String, Node> child : group.getChildren().entrySet()) {
            String place = path.isEmpty() ? child.getKey() : path + "/" + child.getKey();
            if (++nodes > MOST_NODES || depth >= DEEPEST) {
                throw error(
                        place,
                        "more groups and arrays than the reader's budget",
                        "at most " + MOST_NODES + ", nested at most " + DEEPEST + " deep");
            }
            if (child.getValue().isLink()) {
                throw error(place, "a link", "groups and arrays in this file");
            }
            if (child.getValue() instanceof Group below) {
                children.put(child.getKey(), group(below, place, depth + 1));
            } else if (child.getValue() instanceof Dataset dataset) {
                children.put(child.getKey(), array(dataset, place));
            } else {
                throw error(place, "neither a group nor an array", "groups and arrays only");
            }
        }
        return Collections.unmodifiableMap(children);
    }

    private ArrayData array(Dataset dataset, String place) throws CheckpointException {
        DType type = Hdf5Type.of(dataset.getDataType())
                .orElseThrow(() -> error(
                        place,
                        "elements of the type "
                                + dataset.getDataType().getClass().getSimpleName() + " of "
                                + dataset.getDataType().getSize() + " bytes",
                        "integers, floats or truth values"));
        long[] shape = dataset.getDimensionsAsLong();
        long total = ArrayData.countBytes(type.type(), shape)
                .filter(bytes -> shape.length <= ArrayLayout.MAX_RANK)
                .orElseThrow(() -> error(place, "shape " + Arrays.toString(shape), "a shape that is possible"));
        ByteBuffer elements;
        if (total == 0) {
            elements = ByteBuffer.allocate(0);
        } else if (dataset instanceof ContiguousDataset contiguous) {
            elements = contiguous.getBuffer();
        } else if (dataset instanceof ChunkedDataset chunked) {
            unpacked += total;
            limits.check(name, fileBytes, unpacked);
            elements = ChunkedElements.read(
                    chunked, dataset.getDimensions(), type.type().bytes(), (int) total);
        } else {
            throw error(place, "the layout " + dataset.getDataLayout(), "elements in one piece or in chunks");
        }
        return ArrayLayout.rowMajor(shape).read(type, ByteRegion.of(elements));
    }

    private CheckpointException error(String place, String problem, String expectation) {
        return new CheckpointException(
                name + ": " + Quotation.of(place) + ": " + problem + ": expected " + expectation);
    }
}
