package io.portolan.graphs.training;

import io.portolan.graphs.data.Batch;
import io.portolan.graphs.data.error.DatasetException;

/** Labels that fit a model. TensorFlow would take others for no class at all, and say nothing. */
final class Labels {
    private Labels() {}

    static void require(Batch batch, int classes) throws DatasetException {
        for (int label : batch.labels()) {
            if (label < 0 || label >= classes) {
                throw new DatasetException("the data have a sample with label " + label + ", but the model has "
                        + classes + " classes; expected labels from 0 to " + (classes - 1));
            }
        }
    }
}
