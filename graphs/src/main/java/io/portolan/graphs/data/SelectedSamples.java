package io.portolan.graphs.data;

import io.portolan.images.ImageInput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;

/** A view of selected samples of a data set, in a given order. */
final class SelectedSamples implements Dataset {
    private final Dataset all;
    private final int[] indices;

    SelectedSamples(Dataset all, int[] indices) {
        this.all = all;
        this.indices = indices.clone();
        Arrays.stream(indices).forEach(index -> Objects.checkIndex(index, all.size()));
    }

    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public ImageInput input() {
        return all.input();
    }

    @Override
    public int load(int index, float[] target, int offset) throws IOException {
        return all.load(indices[index], target, offset);
    }
}
