package io.portolan.server;

import io.portolan.runtime.BatchQueue;
import io.portolan.runtime.Tensor;
import java.util.List;
import java.util.Map;

/** Runs a model separately for each request, because its batch axis is unknown. */
record SingleRuns(TimedModel model) implements BatchQueue.Work<Map<String, Tensor>, Map<String, Tensor>> {
    @Override
    public int samples(Map<String, Tensor> request) {
        return 1;
    }

    @Override
    public boolean joins(Map<String, Tensor> first, Map<String, Tensor> next) {
        return false;
    }

    @Override
    public List<Map<String, Tensor>> answer(List<Map<String, Tensor>> batch) {
        return List.of(model.run(1, batch.get(0)));
    }
}
