package io.portolan.graphs.training;

import io.portolan.graphs.data.Batch;
import io.portolan.graphs.data.error.DatasetException;

/** Checks that labels fit a model. TensorFlow would silently treat others as no class. */
final class Labels {
    private Labels() {}

    static void require(Batch batch, int classes) throws DatasetException {
        for (int label : batch.labels()) {
            if (label < 0 || label >= classes) {
                throw new DatasetException("the data contain a sample with label " + label + ", but the model has "
                        + classes + " classes; expected labels from 0 to " + (classes - 1));
            }
        }
    }
}
