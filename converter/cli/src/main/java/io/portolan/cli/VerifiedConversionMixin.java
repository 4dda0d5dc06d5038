package io.portolan.cli;

import io.portolan.converter.ConversionOptions;
import io.portolan.converter.ConversionReport;
import io.portolan.converter.ExportOptions;
import io.portolan.converter.ParityException;
import io.portolan.converter.onnx.StagedModel;
import io.portolan.converter.verify.InputSample;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options and the output of commands that convert a foreign model, compare the file with it, and only then write it. */
final class VerifiedConversionMixin {
    @Mixin
    private ExportOptionsMixin exportOptions;

    @OptionGroup("The ONNX file")
    @Option(
            names = "--external-data",
            description = "Store constants in MODEL.onnx.data beside the model; always done if they exceed "
                    + StagedModel.MOST_MEGABYTES + " MB.")
    private boolean externalData;

    @OptionGroup("Comparison")
    @Option(
            names = "--tolerance",
            paramLabel = "X",
            description =
                    "Difference that always passes, relative to the largest element of an output. Default, by --dtype:"
                            + " ${COMPLETION-CANDIDATES}.",
            completionCandidates = WeightTolerances.class)
    private Optional<Double> tolerance = Optional.empty();

    @OptionGroup("Comparison")
    @Option(names = "--no-verify", description = "Do not compare the model with what it is converted from.")
    private boolean unverified;

    @Option(names = "--force", description = "Replace output files that exist.")
    private boolean force;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    /**
     * The options of the conversion.
     *
     * @param samples the files of samples to compare on
     */
    ConversionOptions toOptions(List<Path> samples) throws IOException {
        ExportOptions export = exportOptions.toOptions();
        List<InputSample> own = new ArrayList<>();
        for (Path sample : samples) {
            own.add(InputSample.read(sample));
        }
        return new ConversionOptions(
                export,
                force,
                externalData,
                !unverified,
                own,
                tolerance.orElse(export.weights().tolerance()));
    }

    /** Where progress goes: JSON alone goes to the standard output. */
    PrintWriter progress() {
        return json ? spec.commandLine().getErr() : spec.commandLine().getOut();
    }

    /** Prints what was written. */
    void print(ConversionReport report, Path output, long start) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(report));
        } else {
            out.println(Tables.format("wrote %s in %.1f s", output, (System.nanoTime() - start) / 1e9));
        }
    }

    /**
     * Prints why nothing was written.
     *
     * @return the exit code
     */
    int refuse(ParityException differs, Path output, String reference) {
        progress().flush();
        PrintWriter err = spec.commandLine().getErr();
        err.println("portolan: " + output + ": not written, the conversion differs from " + reference + ":");
        err.println(Tables.outputs(differs.report().parity()));
        if (json) {
            spec.commandLine().getOut().println(Json.of(differs.report()));
        }
        return Portolan.NO_PARITY;
    }
}
