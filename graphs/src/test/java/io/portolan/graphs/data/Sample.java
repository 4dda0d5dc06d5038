package io.portolan.graphs.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A loaded sample that compares by value. */
record Sample(int label, List<Float> values) {
    static Sample of(Dataset dataset, int index) throws IOException {
        // One extra value on either side shows whether a load stays within its slice.
        float[] slice = new float[dataset.sampleSize() + 2];
        slice[0] = Float.MAX_VALUE;
        slice[slice.length - 1] = Float.MAX_VALUE;
        int label = dataset.load(index, slice, 1);
        if (slice[0] != Float.MAX_VALUE || slice[slice.length - 1] != Float.MAX_VALUE) {
            throw new AssertionError("sample " + index + " was written beyond its slice");
        }
        return of(label, Arrays.copyOfRange(slice, 1, slice.length - 1));
    }

    static List<Sample> all(Dataset dataset) throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < dataset.size(); i++) {
            samples.add(of(dataset, i));
        }
        return samples;
    }

    static List<Sample> of(Batch batch) {
        List<Sample> samples = new ArrayList<>();
        int size = batch.images().length / batch.count();
        for (int i = 0; i < batch.count(); i++) {
            samples.add(of(batch.labels()[i], Arrays.copyOfRange(batch.images(), i * size, (i + 1) * size)));
        }
        return samples;
    }

    private static Sample of(int label, float[] values) {
        List<Float> list = new ArrayList<>(values.length);
        for (float value : values) {
            list.add(value);
        }
        return new Sample(label, list);
    }
}
