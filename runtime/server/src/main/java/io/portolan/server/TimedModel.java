package io.portolan.server;

import io.portolan.runtime.ModelException;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.OutputTooLargeException;
import io.portolan.runtime.Tensor;
import java.util.Map;

/**
 * A model whose runs are measured, and whose complaints about its inputs are for the client.
 *
 * @param outputBytes that a run may give
 */
record TimedModel(OnnxModel model, ServerMetrics.OfModel metrics, long outputBytes) {
    private static final System.Logger LOG = System.getLogger(TimedModel.class.getName());

    Map<String, Tensor> run(int samples, Map<String, Tensor> feeds) {
        try {
            return metrics.time(samples, () -> model.run(feeds, outputBytes));
        } catch (IllegalArgumentException unfit) {
            throw HttpError.badRequest(forClients(model, unfit));
        } catch (OutputTooLargeException large) {
            throw HttpError.answerTooLarge(forClients(model, large));
        } catch (ModelException failure) {
            LOG.log(System.Logger.Level.WARNING, "a run failed", failure);
            throw HttpError.of(500, forClients(model, failure));
        }
    }

    /** Without the file, which is of no concern to them. */
    static String forClients(OnnxModel model, RuntimeException failure) {
        return failure.getMessage().replace(model.name() + ": ", "");
    }
}
