package io.portolan.graphs.data;

import io.portolan.graphs.data.error.DatasetException;
import io.portolan.graphs.data.pathfinder.Pathfinder;
import io.portolan.graphs.data.pathfinder.Picture;
import io.portolan.images.ImageInput;
import java.util.Objects;

/** A data set of Pathfinder images that are generated on demand; sample i is image i of the seed. */
public final class GeneratedDataset implements Dataset {
    private final Pathfinder options;
    private final long seed;
    private final int size;
    private final GreyInput grey;

    private GeneratedDataset(Pathfinder options, long seed, int size, GreyInput grey) {
        this.options = options;
        this.seed = seed;
        this.size = size;
        this.grey = grey;
    }

    /**
     * Creates a data set of images in their own size.
     *
     * @param size number of images
     * @throws DatasetException if no image satisfies the options
     */
    public static GeneratedDataset of(Pathfinder options, long seed, int size) throws DatasetException {
        ImageInput input = ImageInput.still(options.size(), options.size());
        GeneratedDataset dataset = new GeneratedDataset(options, seed, size, new GreyInput(input));
        dataset.picture(0);
        return dataset;
    }

    /** Generates an image with its geometry. */
    public Picture picture(int index) throws DatasetException {
        return options.picture(seed, index)
                .orElseThrow(() -> new DatasetException("no room for such curves in an image of " + options.size()
                        + " pixels; expected a larger size, fewer or shorter paddles, or less clearance"));
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public ImageInput input() {
        return grey.input();
    }

    @Override
    public int load(int index, float[] target, int offset) throws DatasetException {
        Picture picture = picture(Objects.checkIndex(index, size));
        grey.load(picture.pixels(), picture.size(), picture.size(), target, offset);
        return picture.label();
    }
}
