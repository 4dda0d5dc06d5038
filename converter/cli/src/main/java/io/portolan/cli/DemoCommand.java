package io.portolan.cli;

import io.portolan.cli.bundle.BundledModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        header = "Converts, verifies and runs a bundled model.",
        description =
                "Unpacks a checkpoint that was trained in JAX on 64-pixel Pathfinder images, with some images that it was not"
                        + " trained on, and runs convert, verify and predict on them.",
        footerHeading = "%nExample:%n",
        footer = "  portolan demo --output my-folder")
final class DemoCommand implements Callable<Integer> {
    @Option(
            names = {"-o", "--output"},
            defaultValue = "portolan-demo",
            paramLabel = "FOLDER",
            description =
                    "Folder for the files (default: ${DEFAULT-VALUE}). Only the demo's own files in it are replaced.")
    private Path folder;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        BundledModel bundled = BundledModel.unpack(folder);
        String checkpoint = bundled.checkpoint().toString();
        String config = bundled.config().toString();
        String images = bundled.images().toString();
        String model = folder.resolve("model.onnx").toString();
        int code = step(out, "convert", checkpoint, "--config", config, "-o", model, "--force");
        code = code == 0 ? step(out, "verify", checkpoint, model, images) : code;
        code = code == 0 ? step(out, "predict", model, images) : code;
        if (code == 0) {
            out.println();
            out.println(
                    "The image names begin with the correct label. All files are in " + folder.toAbsolutePath() + ";");
            out.println("the commands above also work on your own checkpoint.");
        }
        return code;
    }

    /** Prints a command as a user would type it, and runs it. */
    private int step(PrintWriter out, String... arguments) {
        out.println();
        out.println("$ portolan " + String.join(" ", arguments));
        out.flush();
        return Portolan.execute(arguments);
    }
}
