package io.portolan.graphs.data;

import io.portolan.graphs.data.error.DatasetException;
import io.portolan.graphs.data.pathfinder.Pathfinder;
import io.portolan.graphs.data.pathfinder.Picture;
import io.portolan.images.ImageInput;
import java.util.Objects;

/** Pathfinder pictures that are drawn when they are asked for; sample i is picture i of the seed. */
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
     * A data set of pictures in their own size.
     *
     * @param size number of pictures
     * @throws DatasetException if the options leave no room for a picture
     */
    public static GeneratedDataset of(Pathfinder options, long seed, int size) throws DatasetException {
        ImageInput input = ImageInput.still(options.size(), options.size());
        GeneratedDataset dataset = new GeneratedDataset(options, seed, size, new GreyInput(input));
        dataset.picture(0);
        return dataset;
    }

    /** A picture with its geometry. */
    public Picture picture(int index) throws DatasetException {
        return options.picture(seed, index)
                .orElseThrow(() -> new DatasetException("no room for such curves in a picture of " + options.size()
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
