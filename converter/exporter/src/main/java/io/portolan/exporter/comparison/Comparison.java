package io.portolan.exporter.comparison;

import io.portolan.exporter.CheckpointExportOptions;
import io.portolan.exporter.CheckpointExporter;
import io.portolan.exporter.SourceCheckpoint;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ConfigException;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.data.DataSource;
import io.portolan.graphs.data.DatasetSplits;
import io.portolan.graphs.data.Split;
import io.portolan.graphs.data.error.DatasetException;
import io.portolan.graphs.training.Device;
import io.portolan.graphs.training.RunSettings;
import io.portolan.graphs.training.TrainingRun;
import io.portolan.runtime.PerformanceMode;
import io.portolan.runtime.bench.Measurement;
import io.portolan.runtime.bench.ModelBench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * Trains the models of a plan, each with each seed, and measures them. Every run is a training run in a folder
 * {@code MODEL/seed-N} of its own: a finished run is taken as it is, an interrupted one is continued exactly, and models or seeds may be
 * added to the plan later.
 */
public final class Comparison {
    private static final int TIMED_CALLS = 50;
    private static final int WARM_UP_CALLS = 5;

    private final ComparisonPlan plan;
    private final Device device;
    private final List<PlannedRun> runs;

    private Comparison(ComparisonPlan plan, Device device, List<PlannedRun> runs) {
        this.plan = plan;
        this.device = device;
        this.runs = List.copyOf(runs);
    }

    /**
     * Prepares a comparison without training anything, so that what cannot work is refused before it costs time.
     *
     * @param folder the folder of the runs, which need not exist
     * @param device to train on
     * @throws ConfigException if a model's fields are malformed or not supported; the message names the model
     * @throws DatasetException if the data do not exist, or a part of them has too few samples
     * @throws IllegalArgumentException if the budget does not suit the data
     * @throws IOException if a folder holds another run
     */
    public static Comparison of(ComparisonPlan plan, Path folder, Device device) throws IOException {
        DataSource data = new DataSource(plan.data()).absolute();
        Map<ImageSize, Integer> samples = new LinkedHashMap<>();
        List<PlannedRun> runs = new ArrayList<>();
        for (long seed : plan.seeds()) {
            for (Competitor model : plan.models()) {
                ModelConfig config = configuration(model, plan.imageSize());
                ImageSize size = new ImageSize(config.imageHeight(), config.imageWidth());
                if (!samples.containsKey(size)) {
                    samples.put(size, trainingSamples(data, size, plan.budget().batch()));
                }
                RunSettings settings = settings(plan.budget(), data, config, seed, samples.get(size));
                Path ofRun = folder.resolve(model.folder()).resolve("seed-" + seed);
                PlannedRun run = new PlannedRun(model, config, settings, ofRun);
                run.requireSameSettings();
                runs.add(run);
            }
        }
        return new Comparison(plan, device, runs);
    }

    /** The runs in the order in which they are done: every model with the first seed, then with the next. */
    public List<PlannedRun> runs() {
        return runs;
    }

    /**
     * Trains what is not trained yet, then measures the models.
     *
     * @param stop polled after each step; if true, the run is saved, and the result is empty
     * @throws IOException if files cannot be read or written
     */
    public ComparisonResult run(BooleanSupplier stop, ComparisonListener listener) throws IOException {
        Map<Competitor, List<RunResult>> results = new LinkedHashMap<>();
        Map<Competitor, PlannedRun> exported = new LinkedHashMap<>();
        for (PlannedRun planned : runs) {
            Optional<RunResult> result = result(planned, stop, listener);
            if (result.isPresent()) {
                results.computeIfAbsent(planned.competitor(), model -> new ArrayList<>())
                        .add(result.get());
                exported.putIfAbsent(planned.competitor(), planned);
            }
        }
        if (stop.getAsBoolean()) {
            // A process that is ending cannot load the native libraries that the measurement needs.
            return new ComparisonResult(
                    plan, Machine.current(device), runs.get(0).settings().trainingSamples(), List.of(), runs.size());
        }
        Map<Path, OnnxFigures> figures = figures(List.copyOf(exported.values()), listener);
        List<ModelResult> rows = plan.models().stream()
                .filter(results::containsKey)
                .map(model -> new ModelResult(
                        model.name(),
                        model.note(),
                        exported.get(model).config().toMap(),
                        figures.get(exported.get(model).onnx()),
                        results.get(model)))
                .toList();
        return new ComparisonResult(
                plan, Machine.current(device), runs.get(0).settings().trainingSamples(), rows, runs.size());
    }

    private Optional<RunResult> result(PlannedRun planned, BooleanSupplier stop, ComparisonListener listener)
            throws IOException {
        Optional<RunResult> before = planned.result();
        if (before.isPresent()) {
            listener.skipped(planned, before.get());
            return before;
        }
        if (stop.getAsBoolean()) {
            return Optional.empty();
        }
        TrainingRun run = planned.open(device);
        boolean complete = run.train(stop, listener.starting(planned, run));
        Optional<RunResult> result = complete ? Optional.of(planned.measure()) : Optional.empty();
        listener.ended(planned, result.orElse(null));
        return result;
    }

    /** Exports one run of each model, and times all exports together, so that other load of the machine affects all alike. */
    private static Map<Path, OnnxFigures> figures(List<PlannedRun> exported, ComparisonListener listener)
            throws IOException {
        Map<Path, OnnxFigures> figures = new LinkedHashMap<>();
        for (PlannedRun run : exported) {
            if (!Files.exists(run.onnx())) {
                listener.measuring("exporting " + run.competitor().name());
                new CheckpointExporter()
                        .export(
                                SourceCheckpoint.read(run.best()),
                                run.config(),
                                run.onnx(),
                                CheckpointExportOptions.defaults());
            }
        }
        if (exported.isEmpty()) {
            return figures;
        }
        listener.measuring("timing " + exported.size() + (exported.size() == 1 ? " model" : " models"));
        int threads = Runtime.getRuntime().availableProcessors();
        ModelBench bench = new ModelBench(
                exported.stream().map(PlannedRun::onnx).toList(),
                io.portolan.runtime.Device.CPU,
                List.of(1),
                List.of(threads),
                TIMED_CALLS,
                WARM_UP_CALLS,
                OptionalLong.empty());
        for (Measurement measured : bench.measure((done, total) -> {})) {
            if (measured.setting().mode() == PerformanceMode.LATENCY) {
                Path file = measured.model();
                figures.put(
                        file,
                        new OnnxFigures(Files.size(file), measured.timings().median(), threads));
            }
        }
        return figures;
    }

    private static ModelConfig configuration(Competitor model, int side) {
        try {
            return ConfigResolver.fromScratch(Map.of(), Optional.of(model.config()), new ImageSize(side, side));
        } catch (ConfigException refused) {
            throw new ConfigException("model '" + model.name() + "': " + refused.getMessage());
        }
    }

    private static int trainingSamples(DataSource data, ImageSize size, int batch) throws IOException {
        try (DatasetSplits opened = data.open(Optional.of(size))) {
            for (Split part : Split.values()) {
                int least = part == Split.TRAIN ? batch : 1;
                int found = opened.part(part).size();
                if (found < least) {
                    throw new DatasetException(data.source() + ": has " + found + " samples in the part '"
                            + part.label() + "'; expected " + least + " or more");
                }
            }
            return opened.part(Split.TRAIN).size();
        }
    }

    private static RunSettings settings(Budget budget, DataSource data, ModelConfig config, long seed, int samples) {
        int steps = budget.steps(samples);
        return new RunSettings(
                data.source(),
                samples,
                config.toMap(),
                Plan.FUSED,
                budget.precision(),
                budget.batch(),
                seed,
                steps,
                budget.evalEvery(),
                budget.optimizer(steps));
    }
}
