package io.portolan.graphs.data;

import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.data.error.DatasetException;
import io.portolan.images.ImageInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Samples in an {@code .npz} archive: {@code images} with {@code labels}, or {@code neg} and {@code pos} (or
 * {@code neg_images} and {@code pos_images}), negatives first. Images are uint8 grey (N,H,W), or normalised float32
 * (N,H,W,3) or (N,T,H,W,3); a part may also be one single image. The arrays stay in memory, as they do in numpy: this
 * format is for sets of some thousand images.
 */
public final class NpzDataset implements Dataset {
    private static final List<List<String>> BY_LABEL =
            List.of(List.of("neg", "pos"), List.of("neg_images", "pos_images"));

    private final String name;
    private final List<ArrayData> parts;
    private final int[] labels;
    private final ImageInput stored;
    private final Optional<GreyInput> grey;

    private NpzDataset(String name, List<ArrayData> parts, int[] labels, ImageInput stored, Optional<GreyInput> grey) {
        this.name = name;
        this.parts = parts;
        this.labels = labels;
        this.stored = stored;
        this.grey = grey;
    }

    /**
     * Reads an archive.
     *
     * @param size size to which images are resized, which is possible for 8-bit grey images and images made from them;
     *     if empty, they keep their stored size
     * @throws io.portolan.checkpoints.values.CheckpointException if the file is not an intact archive
     * @throws DatasetException if it does not hold such images
     */
    public static NpzDataset open(Path file, Optional<ImageSize> size) throws IOException {
        Map<String, ArrayData> arrays = NpzArchive.read(file);
        String name = file.toString();
        if (arrays.containsKey("images") && arrays.containsKey("labels")) {
            ArrayData images = NpzImages.series(arrays.get("images"), name + "!images");
            int[] labels = NpzImages.labels(arrays.get("labels"), name + "!labels");
            if (labels.length != images.shape()[0]) {
                throw new DatasetException(name + ": " + images.shape()[0] + " images and " + labels.length
                        + " labels; expected equal numbers");
            }
            return of(name, List.of(images), labels, size);
        }
        for (List<String> keys : BY_LABEL) {
            if (arrays.keySet().containsAll(keys)) {
                ArrayData negatives = NpzImages.seriesOrOne(arrays.get(keys.get(0)), name + "!" + keys.get(0));
                ArrayData positives = NpzImages.seriesOrOne(arrays.get(keys.get(1)), name + "!" + keys.get(1));
                int[] labels =
                        new int[Math.toIntExact(negatives.shape()[0] + positives.shape()[0])];
                Arrays.fill(labels, (int) negatives.shape()[0], labels.length, 1);
                return of(name, List.of(negatives, positives), labels, size);
            }
        }
        throw new DatasetException(name + ": holds " + arrays.keySet()
                + "; expected images and labels, or neg and pos, or neg_images and pos_images");
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public ImageInput input() {
        return grey.map(GreyInput::input).orElse(stored);
    }

    @Override
    public int load(int index, float[] target, int offset) throws DatasetException {
        int within = Objects.checkIndex(index, labels.length);
        int part = 0;
        while (within >= parts.get(part).shape()[0]) {
            within -= (int) parts.get(part).shape()[0];
            part++;
        }
        ByteBuffer sample = sample(parts.get(part), within);
        if (grey.isEmpty()) {
            sample.asFloatBuffer().get(target, offset, sampleSize());
        } else {
            byte[] pixels = parts.get(part).type() == ElementType.UINT8 ? bytes(sample) : greyOf(sample, index);
            grey.get().load(pixels, stored.height(), stored.width(), target, offset);
        }
        return labels[index];
    }

    private static NpzDataset of(String name, List<ArrayData> parts, int[] labels, Optional<ImageSize> size)
            throws DatasetException {
        ImageInput stored = NpzImages.form(parts.get(0));
        ElementType type = parts.get(0).type();
        for (ArrayData part : parts) {
            if (!NpzImages.form(part).equals(stored) || part.type() != type) {
                throw new DatasetException(
                        name + ": images of different forms, " + parts.get(0) + " and " + part + "; expected one");
            }
        }
        if (labels.length == 0) {
            throw new DatasetException(name + ": holds no images");
        }
        ImageSize own = new ImageSize(stored.height(), stored.width());
        ImageSize wanted = size.orElse(own);
        if (type != ElementType.UINT8 && wanted.equals(own)) {
            return new NpzDataset(name, parts, labels, stored, Optional.empty());
        }
        if (stored.frames() > 1) {
            throw new DatasetException(name + ": videos cannot be resized; leave the size at " + own.label());
        }
        GreyInput grey = new GreyInput(ImageInput.still(wanted.height(), wanted.width()));
        return new NpzDataset(name, parts, labels, stored, Optional.of(grey));
    }

    private static ByteBuffer sample(ArrayData part, int index) {
        int bytes = (int) (part.bytes().capacity() / part.shape()[0]);
        ByteBuffer all = part.bytes();
        return all.slice(index * bytes, bytes).order(all.order());
    }

    private static byte[] bytes(ByteBuffer sample) {
        byte[] bytes = new byte[sample.remaining()];
        sample.get(bytes);
        return bytes;
    }

    private byte[] greyOf(ByteBuffer sample, int index) throws DatasetException {
        float[] values = new float[sample.remaining() / Float.BYTES];
        sample.asFloatBuffer().get(values);
        return GreyLevels.exact(values)
                .orElseThrow(() -> new DatasetException(name + ": image " + index
                        + " was not made from an 8-bit grey image and cannot be resized; leave the size as it is"));
    }
}
