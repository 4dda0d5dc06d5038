package io.portolan.server;

import io.portolan.runtime.BatchQueue;
import io.portolan.runtime.BatchSize;
import io.portolan.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs a model, whose first axes are the batch, on the samples of several requests at once. Requests larger than the
 * largest batch are split, and a fixed batch is padded.
 */
final class SharedRuns implements BatchQueue.Work<Map<String, Tensor>, Map<String, Tensor>> {
    private final TimedModel model;
    private final BatchSize size;

    SharedRuns(TimedModel model, BatchSize size) {
        this.model = model;
        this.size = size;
    }

    @Override
    public int samples(Map<String, Tensor> request) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE / 2, rows(request)));
    }

    @Override
    public boolean joins(Map<String, Tensor> first, Map<String, Tensor> next) {
        return isBatch(first)
                && isBatch(next)
                && first.entrySet().stream().allMatch(input -> {
                    long[] shape = input.getValue().shape();
                    long[] other = next.get(input.getKey()).shape();
                    return Arrays.equals(shape, 1, shape.length, other, 1, other.length);
                });
    }

    @Override
    public List<Map<String, Tensor>> answer(List<Map<String, Tensor>> batch) {
        Map<String, Tensor> first = batch.get(0);
        if (!isBatch(first)) {
            return List.of(model.run(samples(first), first));
        }
        long rows = batch.stream().mapToLong(SharedRuns::rows).sum();
        Map<String, List<Tensor>> outputs = new LinkedHashMap<>();
        Map<String, Tensor> all = perInput(
                first,
                input -> BatchRows.join(
                        batch.stream().map(request -> request.get(input)).toList(), rows));
        Stream<BatchSize.Run> runs = rows == 0 ? Stream.of(size.run(0, 0)) : size.runs(rows);
        runs.forEach(run -> run(perInput(all, input -> BatchRows.slice(all.get(input), run.first(), run.last())), run)
                .forEach((output, tensor) -> outputs.computeIfAbsent(output, name -> new ArrayList<>())
                        .add(tensor)));
        Map<String, Tensor> answers = perInput(outputs, output -> BatchRows.join(outputs.get(output), rows));
        return shares(batch, answers);
    }

    private static List<Map<String, Tensor>> shares(List<Map<String, Tensor>> batch, Map<String, Tensor> answers) {
        List<Map<String, Tensor>> shares = new ArrayList<>();
        long start = 0;
        for (Map<String, Tensor> request : batch) {
            long from = start;
            long to = start + rows(request);
            shares.add(perInput(answers, output -> BatchRows.slice(answers.get(output), from, to)));
            start = to;
        }
        return shares;
    }

    private Map<String, Tensor> run(Map<String, Tensor> piece, BatchSize.Run run) {
        Map<String, Tensor> feeds = perInput(piece, input -> BatchRows.join(List.of(piece.get(input)), run.rows()));
        Map<String, Tensor> answers = model.run(run.samples(), feeds);
        answers.forEach((output, tensor) -> {
            if (tensor.shape().length == 0 || BatchRows.count(tensor) != run.rows()) {
                throw HttpError.of(
                        500,
                        "output '" + output + "' is " + tensor + " for " + run.rows()
                                + " samples: its first axis is not the batch; serve this model without batching");
            }
        });
        return perInput(answers, output -> BatchRows.slice(answers.get(output), 0, run.samples()));
    }

    /**
     * Whether all inputs have the same number of samples as the first. Optional inputs cannot be batched, because it is
     * unknown whether they have a batch axis. Samples without elements cannot be batched either, because any number of
     * them costs the client nothing.
     */
    private boolean isBatch(Map<String, Tensor> request) {
        return request.keySet().equals(model.model().inputs().keySet())
                && request.values().stream()
                        .allMatch(input -> input.shape().length > 0
                                && BatchRows.count(input) == rows(request)
                                && input.size() >= BatchRows.count(input));
    }

    private static long rows(Map<String, Tensor> request) {
        return BatchRows.count(request.values().iterator().next());
    }

    @FunctionalInterface
    private interface OfName {
        Tensor get(String name);
    }

    private static Map<String, Tensor> perInput(Map<String, ?> names, OfName tensors) {
        Map<String, Tensor> result = new LinkedHashMap<>();
        names.keySet().forEach(name -> result.put(name, tensors.get(name)));
        return result;
    }
}
