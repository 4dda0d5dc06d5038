package io.portolan.cli;

import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.data.DatasetSplits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A data set to read. */
final class DatasetInput {
    @Parameters(
            index = "0",
            paramLabel = "IN",
            description = "Folder of PNG files or of TFRecords (with or around one difficulty), .tfrecord or .npz.")
    private Path path;

    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            description = "Resize the images: 64, or 48x64 for height and width. Default: as they are stored.")
    private Optional<String> size;

    DatasetSplits open() throws IOException {
        return DatasetSplits.open(path, size.map(ImageSize::parse));
    }
}
