package io.portolan.cli;

import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.data.DataSource;
import io.portolan.graphs.data.Dataset;
import io.portolan.graphs.data.DatasetSplits;
import io.portolan.graphs.data.error.DatasetException;
import io.portolan.images.ImageInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of samples that are taken from a data set, rather than from files of images. */
final class LabelledSamples {
    /** The order of the reference's notebooks: a connected image, then a disconnected one. */
    private static final List<Integer> LABELS = List.of(1, 0);

    @Option(names = "--data", paramLabel = "DATA", description = LabelledData.DESCRIPTION)
    private Optional<String> data = Optional.empty();

    @Option(
            names = "--ids",
            split = ",",
            paramLabel = "ID",
            description = "With --data: numbers of samples in the data set, from 0, comma-separated.")
    private List<Integer> ids = List.of();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /**
     * A sample of a data set.
     *
     * @param label 1 for connected, 0 for disconnected
     */
    record Labelled(Samples.Sample sample, int label) {}

    /** A choice of samples, used while the data set is open. */
    @FunctionalInterface
    private interface Choice {
        List<Integer> of(Dataset samples) throws IOException;
    }

    /** Whether samples come from a data set. */
    boolean areGiven() {
        return data.isPresent();
    }

    /**
     * Checks that there are either files or a data set.
     *
     * @throws ParameterException otherwise
     */
    void requireOneSource(List<?> files) {
        if (areGiven() == !files.isEmpty()) {
            throw usage(
                    areGiven()
                            ? "give either INPUT or --data, not both"
                            : "Missing required parameter: 'INPUT' or '--data=DATA'");
        }
        if (!areGiven() && !ids.isEmpty()) {
            throw usage("--ids are numbers of samples in a data set; give it with --data");
        }
    }

    /** The samples of the chosen numbers; without any, the first connected and the first disconnected one. */
    List<Labelled> firstOfEach(ImageInput input) throws IOException {
        List<Labelled> read = new ArrayList<>();
        read(input, ids.isEmpty() ? this::firstOfEach : this::chosen, read::add);
        return read;
    }

    /** Each sample of the chosen numbers, one after the other; without any, of all. */
    void each(ImageInput input, Consumer<Labelled> use) throws IOException {
        read(
                input,
                ids.isEmpty()
                        ? samples -> IntStream.range(0, samples.size()).boxed().toList()
                        : this::chosen,
                use);
    }

    private void read(ImageInput input, Choice choice, Consumer<Labelled> use) throws IOException {
        String source = data.orElseThrow();
        try (DatasetSplits opened =
                new DataSource(source).open(Optional.of(new ImageSize(input.height(), input.width())))) {
            Dataset samples = DataSource.as(input, opened.all());
            for (int id : choice.of(samples)) {
                float[] values = new float[samples.sampleSize()];
                int label = samples.load(id, values, 0);
                use.accept(new Labelled(new Samples.Sample(source + "[" + id + "]", values), label));
            }
        }
    }

    private List<Integer> firstOfEach(Dataset samples) throws IOException {
        float[] values = new float[samples.sampleSize()];
        List<Integer> first = new ArrayList<>(LABELS);
        first.replaceAll(label -> -1);
        for (int i = 0; i < samples.size() && first.contains(-1); i++) {
            int at = LABELS.indexOf(samples.load(i, values, 0));
            if (at >= 0 && first.get(at) < 0) {
                first.set(at, i);
            }
        }
        first.removeIf(id -> id < 0);
        if (first.isEmpty()) {
            throw new DatasetException(data.orElseThrow() + ": has no samples with the label 1 or 0");
        }
        return first;
    }

    private List<Integer> chosen(Dataset samples) {
        for (int id : ids) {
            if (id < 0 || id >= samples.size()) {
                throw usage("--ids has " + id + ", but the data set has the samples 0 to " + (samples.size() - 1));
            }
        }
        return ids;
    }

    private ParameterException usage(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
