package io.portolan.cli;

import io.portolan.checkpoints.files.OutputFile;
import io.portolan.graphs.data.ContactSheet;
import io.portolan.graphs.data.Dataset;
import io.portolan.graphs.data.DatasetSplits;
import io.portolan.graphs.data.Split;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        header = "Draws some samples of a data set on one sheet.",
        description =
                "The sheet is a PNG file with the samples' labels and indices. The samples are selected at random, the same ones"
                        + " each time.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  portolan dataset show pathfinder -o sheet.png",
            "  portolan dataset show records --split val --count 12 -o sheet.png"
        })
final class DatasetShowCommand implements Callable<Integer> {
    private static final int MOST = 1000;

    @Mixin
    private DatasetInput input;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "SHEET.png",
            description = "The file to write.")
    private Path output;

    @Option(
            names = "--count",
            defaultValue = "24",
            paramLabel = "N",
            description = "Number of samples (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--split", paramLabel = "SPLIT", description = "train, val or test. Default: all samples.")
    private Optional<Split> split;

    @Option(names = "--force", description = "Replace the output file if it exists.")
    private boolean force;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (count < 1 || count > MOST) {
            throw new ParameterException(spec.commandLine(), "--count is " + count + "; expected 1 to " + MOST);
        }
        OutputFile target = OutputFile.at(output, force);
        try (DatasetSplits data = input.open()) {
            Dataset chosen = split.map(data::part).orElse(data.all());
            BufferedImage sheet = ContactSheet.draw(chosen, count);
            target.write(out -> ImageIO.write(sheet, "png", out));
            spec.commandLine().getOut().println(describe(data));
        }
        spec.commandLine().getOut().println("wrote " + output);
        return 0;
    }

    private static String describe(DatasetSplits data) {
        String parts = Arrays.stream(Split.values())
                .map(part ->
                        Tables.format("%s %,d", part.label(), data.part(part).size()))
                .collect(Collectors.joining(", "));
        return Tables.format(
                "%,d images of %dx%d, difficulty %s (%s)",
                data.all().size(),
                data.all().input().height(),
                data.all().input().width(),
                data.difficulty(),
                parts);
    }
}
