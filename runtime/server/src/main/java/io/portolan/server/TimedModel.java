package io.portolan.server;

import io.portolan.runtime.ModelException;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.OutputTooLargeException;
import io.portolan.runtime.Tensor;
import java.util.Map;

/**
 * A model whose runs are timed, and whose errors about its inputs are reported to the client.
 *
 * @param outputBytes largest size of a run's outputs in bytes
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

    /** The message of a failure without the file's name, which clients should not see. */
    static String forClients(OnnxModel model, RuntimeException failure) {
        return failure.getMessage().replace(model.name() + ": ", "");
    }
}
