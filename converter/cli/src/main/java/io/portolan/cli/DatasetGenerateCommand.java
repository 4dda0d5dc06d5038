package io.portolan.cli;

import io.portolan.graphs.data.DatasetFormat;
import io.portolan.graphs.data.DatasetSplits;
import io.portolan.graphs.data.GeneratedDataset;
import io.portolan.graphs.data.pathfinder.Pathfinder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        header = "Draws Pathfinder pictures.",
        description =
                "Each picture has two long curves and two discs: in half of the pictures the discs are at the ends of one curve"
                        + " (connected, label 1), in the other half on different curves. The same options and seed give the same pictures"
                        + " on every machine. The level sets the defaults of the other options.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  portolan dataset generate --level easy --count 1000 --seed 1 -o pathfinder",
            "  portolan dataset generate --level pathfinder-14 --count 20000 --format tfrecord -o records",
            "  portolan dataset generate --level medium --gap 0 --distractors 5 --count 500 -o medium.npz"
        })
final class DatasetGenerateCommand implements Callable<Integer> {
    @Mixin
    private PathfinderOptions options;

    @Option(names = "--count", required = true, paramLabel = "N", description = "Number of pictures.")
    private int count;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "SEED",
            description = "Random seed (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "OUT",
            description = "Folder, or .npz file, to write.")
    private Path output;

    @Mixin
    private FormatOption format;

    @Option(names = "--force", description = "Replace OUT, with all that is in it, if it is a data set.")
    private boolean force;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Pathfinder pathfinder;
        try {
            pathfinder = options.pathfinder();
        } catch (IllegalArgumentException outOfRange) {
            throw new ParameterException(spec.commandLine(), outOfRange.getMessage(), outOfRange);
        }
        if (count < 1) {
            throw new ParameterException(spec.commandLine(), "--count is " + count + "; expected 1 or more");
        }
        String difficulty = Integer.toString(pathfinder.segments());
        try (DatasetSplits data = DatasetSplits.of(GeneratedDataset.of(pathfinder, seed, count), difficulty)) {
            DatasetFormat chosen = format.choose(output, DatasetFormat.PNG);
            new DatasetWriting(data, chosen, output)
                    .run("generate", force, spec.commandLine().getOut());
        }
        return 0;
    }
}
