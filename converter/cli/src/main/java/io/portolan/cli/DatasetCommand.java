package io.portolan.cli;

import picocli.CommandLine.Command;

@Command(
        name = "dataset",
        mixinStandardHelpOptions = true,
        header = "Generates, converts and shows data sets of Pathfinder images.",
        description =
                "A data set is a folder of PNG files in the published layout, a folder of TFRecord shards as the reference"
                        + " writes them, or an .npz archive. The commands detect the format.",
        subcommands = {DatasetGenerateCommand.class, DatasetConvertCommand.class, DatasetShowCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  portolan dataset generate --level easy --count 1000 -o pathfinder",
            "  portolan dataset convert pathfinder pathfinder.npz",
            "  portolan dataset show pathfinder -o sheet.png"
        })
final class DatasetCommand {}
