package io.portolan.cli;

import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.data.BatchOptions;
import io.portolan.graphs.data.BatchPipeline;
import io.portolan.graphs.data.Dataset;
import io.portolan.graphs.data.error.DatasetException;
import io.portolan.graphs.data.DatasetSplits;
import io.portolan.graphs.data.GeneratedDataset;
import io.portolan.graphs.data.Split;
import io.portolan.graphs.data.pathfinder.Difficulty;
import io.portolan.graphs.data.pathfinder.Pathfinder;
import io.portolan.graphs.training.Evaluation;
import io.portolan.graphs.training.Evaluator;
import io.portolan.images.ImageInput;
import io.portolan.images.InputLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Data as the user names them: a folder, a file, or pictures that are drawn as they are needed. */
record LabelledData(String source) {
    static final String DESCRIPTION = "A data set: folder of PNG files or TFRecords, .tfrecord, .npz; or"
            + " generate:LEVEL[:COUNT[:SEED]], such as generate:easiest:5000, to draw Pathfinder pictures as they are needed (2000 of seed 1 if not said).";

    private static final String GENERATE = "generate:";
    private static final int COUNT = 2000;
    private static final long SEED = 1;

    /** The same data, named so that they are found from any folder. */
    LabelledData anywhere() {
        return source.startsWith(GENERATE) ? this : new LabelledData(Path.of(source).toAbsolutePath().normalize().toString());
    }

    /** @param size of the images; without it, their own */
    DatasetSplits open(Optional<ImageSize> size) throws IOException {
        return source.startsWith(GENERATE) ? generate(size) : DatasetSplits.open(Path.of(source), size);
    }

    /**
     * Measures a model.
     *
     * @param input what the model takes
     * @param part which part of the data; empty for all
     * @return empty if there are no samples
     */
    Optional<Evaluation> evaluate(Evaluator evaluator, ImageInput input, Optional<Split> part, int batch) throws IOException {
        try (DatasetSplits opened = open(Optional.of(new ImageSize(input.height(), input.width())))) {
            Dataset samples = as(input, part.map(opened::part).orElse(opened.all()));
            return evaluator.evaluate(new BatchPipeline(samples, BatchOptions.evaluation(batch)), () -> false);
        }
    }

    /** Samples in the form that a model takes: still images become videos that stand still. */
    static Dataset as(ImageInput wanted, Dataset samples) throws DatasetException {
        ImageInput own = samples.input();
        if (own.equals(wanted)) {
            return samples;
        }
        boolean still = own.layout() == InputLayout.NHWC;
        if (still && own.height() == wanted.height() && own.width() == wanted.width()) {
            return samples.repeated(wanted.frames());
        }
        throw new DatasetException("the data are " + describe(own) + "; the model takes " + describe(wanted));
    }

    private static String describe(ImageInput input) {
        String size = input.height() + "x" + input.width();
        return input.layout() == InputLayout.NHWC ? "images of " + size : "videos of " + input.frames() + " frames of " + size;
    }

    private DatasetSplits generate(Optional<ImageSize> size) throws DatasetException {
        String[] parts = source.substring(GENERATE.length()).split(":", -1);
        Difficulty level = Difficulty.named(parts[0]).orElseThrow(() -> malformed("'" + parts[0] + "' is no level"));
        Pathfinder options = level.options();
        if (size.isPresent()) {
            if (size.get().height() != size.get().width()) {
                throw malformed("generated pictures are square, not " + size.get().label());
            }
            options = options.scaledTo(size.get().height());
        }
        int count = parts.length > 1 ? Math.toIntExact(positive(parts[1], Integer.MAX_VALUE)) : COUNT;
        long seed = parts.length > 2 ? positive(parts[2], Long.MAX_VALUE) : SEED;
        if (parts.length > 3) {
            throw malformed("there is nothing after the seed");
        }
        return DatasetSplits.of(GeneratedDataset.of(options, seed, count), Integer.toString(options.segments()));
    }

    private long positive(String text, long largest) throws DatasetException {
        return PositiveNumber.of(text, largest).orElseThrow(() -> malformed("'" + text + "' is no positive number"));
    }

    private DatasetException malformed(String problem) {
        String levels = Arrays.stream(Difficulty.values()).map(Difficulty::label).collect(Collectors.joining(", "));
        return new DatasetException("--data " + source + ": " + problem + "; expected generate:LEVEL[:COUNT[:SEED]] with a level of "
                + levels);
    }
}
