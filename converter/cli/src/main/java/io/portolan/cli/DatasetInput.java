package io.portolan.cli;

import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.data.DatasetSplits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of a data set to read. */
final class DatasetInput {
    @Parameters(
            index = "0",
            paramLabel = "IN",
            description = "Folder of PNG files or of TFRecords (of one difficulty, or its parent), .tfrecord or .npz.")
    private Path path;

    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            description = "Resize the images: 64, or 48x64 for height x width. Default: the stored size.")
    private Optional<String> size;

    DatasetSplits open() throws IOException {
        return DatasetSplits.open(path, size.map(ImageSize::parse));
    }
}
