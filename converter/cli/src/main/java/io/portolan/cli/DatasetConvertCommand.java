package io.portolan.cli;

import io.portolan.graphs.data.DatasetFormat;
import io.portolan.graphs.data.DatasetSplits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        header = "Rewrites a data set in another format or size.",
        description =
                "TFRecords are split as in the reference (shuffle with seed 42, then 80%%, 10%% and 10%%), unless IN is"
                        + " already split. Images are resized as in the reference (Pillow's BILINEAR on 8-bit grey).",
        footerHeading = "%nExamples:%n",
        footer = {
            "  portolan dataset convert pathfinder300 records --size 224",
            "  portolan dataset convert records/difficulty_14 images --format png",
            "  portolan dataset convert pathfinder300/curv_contour_length_14 small.npz --size 64"
        })
final class DatasetConvertCommand implements Callable<Integer> {
    @Mixin
    private DatasetInput input;

    @Parameters(index = "1", paramLabel = "OUT", description = "Folder, or .npz file, to write.")
    private Path output;

    @Mixin
    private FormatOption format;

    @Option(
            names = "--difficulty",
            paramLabel = "NAME",
            description = "The difficulty in folder names. Default: that of IN.")
    private Optional<String> difficulty;

    @Option(names = "--force", description = "Replace OUT, with all that is in it, if it is a data set.")
    private boolean force;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (difficulty.isPresent() && !difficulty.get().matches("[\\w.-]{1,40}")) {
            throw new ParameterException(spec.commandLine(), "--difficulty must be a short name such as 14");
        }
        try (DatasetSplits opened = input.open()) {
            DatasetSplits data = difficulty.map(opened::named).orElse(opened);
            DatasetFormat chosen = format.choose(output, DatasetFormat.TFRECORD);
            new DatasetWriting(data, chosen, output)
                    .run("convert", force, spec.commandLine().getOut());
        }
        return 0;
    }
}
