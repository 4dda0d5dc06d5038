package io.portolan.server;

import io.portolan.runtime.OutputTooLargeException;
import io.portolan.runtime.Tensor;
import io.portolan.runtime.TensorModel;
import java.util.Map;

/**
 * A model whose runs are measured, and whose complaints about its inputs are for the client.
 *
 * @param outputBytes that a run may give
 */
record TimedModel(TensorModel model, ServerMetrics.OfModel metrics, long outputBytes) {
    Map<String, Tensor> run(int samples, Map<String, Tensor> feeds) {
        try {
            return metrics.time(samples, () -> model.run(feeds, outputBytes));
        } catch (IllegalArgumentException unfit) {
            throw HttpError.badRequest(unfit.getMessage());
        } catch (OutputTooLargeException large) {
            throw HttpError.answerTooLarge(large.getMessage());
        }
    }
}
