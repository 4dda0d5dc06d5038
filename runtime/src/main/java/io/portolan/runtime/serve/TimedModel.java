package io.portolan.runtime.serve;

import io.portolan.runtime.Tensor;
import io.portolan.runtime.TensorModel;
import java.util.Map;

/** A model whose runs are measured, and whose complaints about its inputs are for the client. */
record TimedModel(TensorModel model, ServerMetrics.OfModel metrics) {
    Map<String, Tensor> run(int samples, Map<String, Tensor> feeds) {
        try {
            return metrics.time(samples, () -> model.run(feeds));
        } catch (IllegalArgumentException unfit) {
            throw HttpError.badRequest(unfit.getMessage());
        }
    }
}
