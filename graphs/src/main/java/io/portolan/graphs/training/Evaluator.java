package io.portolan.graphs.training;

import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.data.Batch;
import io.portolan.graphs.data.BatchOptions;
import io.portolan.graphs.data.BatchPipeline;
import io.portolan.graphs.data.BatchStream;
import io.portolan.graphs.data.DataSource;
import io.portolan.graphs.data.Dataset;
import io.portolan.graphs.data.DatasetSplits;
import io.portolan.graphs.data.Split;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.images.ImageInput;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Evaluates any model that returns logits, independent of how it is run. */
public final class Evaluator {
    private final int classes;
    private final Function<Batch, float[]> model;

    /**
     * @param model maps a batch to its logits (count, classes), row-major
     */
    public Evaluator(int classes, Function<Batch, float[]> model) {
        this.classes = classes;
        this.model = model;
    }

    /** The evaluator of a TensorFlow graph. */
    public static Evaluator of(ModelGraph model, int classes) {
        List<String> logits = List.of(ModelGraph.LOGITS);
        return new Evaluator(
                classes, samples -> model.run(samples.images(), logits).get(ModelGraph.LOGITS));
    }

    /**
     * Evaluates the model on a part of a data source.
     *
     * @param input the input of the model
     * @param part the part of the data; empty for all
     * @return the results; empty if there are no samples
     */
    public Optional<Evaluation> evaluate(DataSource source, ImageInput input, Optional<Split> part, int batch)
            throws IOException {
        try (DatasetSplits opened = source.open(Optional.of(new ImageSize(input.height(), input.width())))) {
            Dataset samples = DataSource.as(input, part.map(opened::part).orElse(opened.all()));
            return evaluate(new BatchPipeline(samples, BatchOptions.evaluation(batch)), () -> false);
        }
    }

    /**
     * Evaluates the model on an epoch. Every sample has the same weight, whatever the batch size.
     *
     * @param stop polled before each batch
     * @return the results; empty if it was stopped, or there are no samples
     * @throws io.portolan.graphs.data.error.DatasetException if a label is outside the model's classes
     */
    public Optional<Evaluation> evaluate(BatchPipeline data, BooleanSupplier stop) throws IOException {
        long start = System.nanoTime();
        int[][] confusion = new int[classes][classes];
        double sum = 0;
        int samples = 0;
        try (BatchStream batches = data.epoch(0)) {
            while (batches.hasNext()) {
                if (stop.getAsBoolean()) {
                    return Optional.empty();
                }
                Batch batch = batches.next();
                Labels.require(batch, classes);
                float[] logits = model.apply(batch);
                for (int i = 0; i < batch.count(); i++) {
                    int label = batch.labels()[i];
                    sum += crossEntropy(logits, i * classes, label);
                    confusion[label][argmax(logits, i * classes)]++;
                }
                samples += batch.count();
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return samples == 0
                ? Optional.empty()
                : Optional.of(new Evaluation(sum / samples, Evaluation.table(confusion), seconds));
    }

    private double crossEntropy(float[] logits, int at, int label) {
        double largest = logits[at + argmax(logits, at)];
        double sum = 0;
        for (int i = 0; i < classes; i++) {
            sum += Math.exp(logits[at + i] - largest);
        }
        return Math.log(sum) + largest - logits[at + label];
    }

    /** The index of the largest logit; the first of equal ones, as in training. */
    private int argmax(float[] logits, int at) {
        int largest = 0;
        for (int i = 1; i < classes; i++) {
            largest = logits[at + i] > logits[at + largest] ? i : largest;
        }
        return largest;
    }
}
