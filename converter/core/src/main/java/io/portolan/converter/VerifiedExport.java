package io.portolan.converter;

import io.portolan.converter.ConversionReport.NodeReport;
import io.portolan.converter.verify.GraphParity;
import io.portolan.converter.verify.InputSample;
import io.portolan.converter.verify.OutputParity;
import io.portolan.converter.verify.Reference;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The last step of a conversion: the staged file is compared with a reference, and gets its name only if it agrees. */
record VerifiedExport(Stages stages, ConversionOptions options) {
    private static final long SEED = 42;

    /**
     * Publishes a file.
     *
     * @param reference computes what the outputs should be; not used if the options say not to compare
     * @param samples the inputs to compare on; random ones if empty
     * @param nodes what became of each node of the source
     * @throws ParityException if the file differs from the reference by more than the tolerance; it is not published then
     */
    ConversionReport publish(
            StagedExport staged, Reference reference, List<InputSample> samples, List<NodeReport> nodes)
            throws IOException {
        List<OutputParity> parity = options.verify() ? compare(staged, reference, samples) : List.of();
        ConversionReport report = ConversionReport.of(
                staged.graph(), staged.opset(), staged.checked().describe(staged.opset()), parity, nodes);
        if (!report.passed()) {
            throw new ParityException(report);
        }
        staged.model().publish();
        return report;
    }

    private List<OutputParity> compare(StagedExport staged, Reference reference, List<InputSample> samples) {
        return stages.run(
                "verify",
                () -> new GraphParity(reference, staged.model().file(), staged.graph())
                        .compare(samples, SEED, options.tolerance()),
                rows -> String.format(
                        Locale.ROOT,
                        "against %s on %s: largest relative difference %.1e",
                        reference.name(),
                        rows.stream().map(OutputParity::inputs).distinct().collect(Collectors.joining(", ")),
                        rows.stream()
                                .mapToDouble(OutputParity::maxRelative)
                                .max()
                                .orElse(0)));
    }
}
