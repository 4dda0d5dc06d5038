package io.portolan.cli;

import io.portolan.graphs.data.DatasetFormat;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option of the data set format to write. */
final class FormatOption {
    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "png, tfrecord or npz. Default: npz for OUT with that extension, else png for 'generate' and tfrecord for"
                            + " 'convert'.")
    private Optional<DatasetFormat> format;

    DatasetFormat choose(Path output, DatasetFormat otherwise) {
        boolean archive = output.getFileName().toString().endsWith(".npz");
        return format.orElse(archive ? DatasetFormat.NPZ : otherwise);
    }
}
