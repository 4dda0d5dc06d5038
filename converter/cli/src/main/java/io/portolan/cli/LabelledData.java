package io.portolan.cli;

import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.data.BatchOptions;
import io.portolan.graphs.data.BatchPipeline;
import io.portolan.graphs.data.DataSource;
import io.portolan.graphs.data.Dataset;
import io.portolan.graphs.data.DatasetSplits;
import io.portolan.graphs.data.Split;
import io.portolan.graphs.training.Evaluation;
import io.portolan.graphs.training.Evaluator;
import io.portolan.images.ImageInput;
import java.io.IOException;
import java.util.Optional;

/** Labelled data to evaluate models on, as named by the user. */
record LabelledData(DataSource source) {
    static final String DESCRIPTION = "A data set: folder of PNG files or TFRecords, .tfrecord, .npz; or"
            + " generate:LEVEL[:COUNT[:SEED]], such as generate:easiest:5000, to draw Pathfinder pictures on demand (default: 2000 with seed 1).";

    LabelledData(String source) {
        this(new DataSource(source));
    }

    /**
     * Evaluates a model.
     *
     * @param input the input of the model
     * @param part the part of the data; empty for all
     * @return empty if there are no samples
     */
    Optional<Evaluation> evaluate(Evaluator evaluator, ImageInput input, Optional<Split> part, int batch)
            throws IOException {
        try (DatasetSplits opened = source.open(Optional.of(new ImageSize(input.height(), input.width())))) {
            Dataset samples = DataSource.as(input, part.map(opened::part).orElse(opened.all()));
            return evaluator.evaluate(new BatchPipeline(samples, BatchOptions.evaluation(batch)), () -> false);
        }
    }
}
