package io.portolan.cli;

import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.bench.ColdStart;
import io.portolan.runtime.bench.Measurement;
import io.portolan.runtime.bench.ModelBench;
import io.portolan.runtime.bench.OpenAxesException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        header = "Measures the speed of ONNX files on this machine.",
        description =
                "Times every model in every setting on random input. Runs are interleaved within one process, so that other"
                        + " load affects all alike: the ratios are more reliable than the times. Warm-up runs do not count. Then starts"
                        + " new Java processes and times each up to its first prediction. Takes any ONNX file with float32 inputs and"
                        + " outputs; the others are compared with the first.%n%n"
                        + "Goal 'latency': all threads share each call. Goal 'throughput': each thread makes its own calls.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  portolan bench model.onnx",
            "  portolan bench faithful.onnx fused.onnx --batch 1 --threads 1,2",
            "  portolan bench model.onnx --batch 1,16,64 --starts 0 --json"
        })
final class BenchCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "MODEL", description = "ONNX files.")
    private List<Path> models;

    @Option(
            names = "--batch",
            split = ",",
            defaultValue = "1,4,16",
            paramLabel = "N",
            description = "Batch sizes (default: ${DEFAULT-VALUE}). A model with a fixed batch size always uses that.")
    private List<Integer> batches;

    @Option(
            names = "--threads",
            split = ",",
            paramLabel = "N",
            description = "CPU threads (default: the number of cores).")
    private List<Integer> threads = List.of(Runtime.getRuntime().availableProcessors());

    @Option(
            names = "--runs",
            defaultValue = "50",
            paramLabel = "N",
            description =
                    "Timed runs of a batch of 1 (default: ${DEFAULT-VALUE}). Larger batches get as many samples, at least "
                            + ModelBench.FEWEST_RUNS + " runs.")
    private int runs;

    @Option(
            names = "--warmup",
            defaultValue = "5",
            paramLabel = "N",
            description = "Warm-up runs of each setting, which are not timed (default: ${DEFAULT-VALUE}).")
    private int warmUps;

    @Option(
            names = "--starts",
            defaultValue = "5",
            paramLabel = "N",
            description =
                    "New processes that measure the cold start and the memory of each model (default: ${DEFAULT-VALUE}; 0:"
                            + " do not measure them).")
    private int starts;

    @Option(
            names = "--open-axes",
            paramLabel = "N",
            description = "Size of dynamic axes other than the first, which is the batch.")
    private Long openAxes;

    @Mixin
    private DeviceOption device;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        requireSense();
        BenchReport report = new BenchReport(models.get(0), device.chosen(), warmUps, measure(), start());
        spec.commandLine().getOut().println(json ? Json.of(report.toMap()) : report.toText());
        return 0;
    }

    private void requireSense() {
        if (runs < 1
                || warmUps < 0
                || starts < 0
                || Stream.of(batches, threads).flatMap(List::stream).anyMatch(n -> n < 1)
                || (openAxes != null && openAxes < 1)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--batch, --threads, --runs and --open-axes are 1 or more, --warmup and --starts 0 or more");
        }
    }

    private List<Measurement> measure() {
        say("loading " + models.size() + (models.size() == 1 ? " model" : " models"));
        ModelBench bench = new ModelBench(models, device.chosen(), batches, threads, runs, warmUps, openAxes());
        try (Progress progress = Progress.of("timing", 0)) {
            return bench.measure(progress::reach);
        } catch (OpenAxesException open) {
            throw new ParameterException(spec.commandLine(), open.getMessage() + " (--open-axes)", open);
        } catch (IllegalArgumentException unfit) {
            throw new ParameterException(spec.commandLine(), unfit.getMessage(), unfit);
        }
    }

    private List<ColdStart> start() throws IOException {
        List<ColdStart> cold = new ArrayList<>();
        if (starts == 0) {
            return cold;
        }
        say("starting fresh processes");
        RuntimeOptions options =
                RuntimeOptions.latency().withDevice(device.chosen()).withThreads(threads.get(0));
        try (Progress progress = Progress.of("starting", (long) starts * models.size())) {
            for (Path model : models) {
                cold.add(ColdStart.measure(model, options, openAxes(), batches, starts, progress::step));
            }
        }
        return cold;
    }

    private OptionalLong openAxes() {
        return openAxes == null ? OptionalLong.empty() : OptionalLong.of(openAxes);
    }

    private void say(String line) {
        spec.commandLine().getErr().println(line);
    }
}
