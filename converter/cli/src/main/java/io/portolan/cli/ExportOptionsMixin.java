package io.portolan.cli;

import io.portolan.converter.ExportOptions;
import io.portolan.converter.FourierForm;
import io.portolan.converter.PassPipeline;
import io.portolan.converter.Target;
import io.portolan.converter.WeightType;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.onnx.ModelChecker;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of commands that write an ONNX file. */
@OptionGroup("The ONNX file")
final class ExportOptionsMixin {
    private static final String DYNAMIC = "dynamic";
    private static final String ALL = "all";
    private static final String NONE = "none";

    @Option(
            names = "--dtype",
            defaultValue = "float32",
            paramLabel = "TYPE",
            description =
                    "Storage type of large weights: float32, float16 (convolutions compute in it too) or int8 (default:"
                            + " ${DEFAULT-VALUE}). 'verify' shows the loss of accuracy.")
    private WeightType weights;

    @Option(
            names = "--fft",
            defaultValue = "matmul",
            paramLabel = "FORM",
            description =
                    "Lowering of Fourier transforms: matmul, which every runtime supports and most run faster, or dft, the ONNX"
                            + " operator (default: ${DEFAULT-VALUE}).")
    private FourierForm fourier;

    @Option(
            names = "--target",
            defaultValue = "any",
            paramLabel = "RUNTIME",
            description =
                    "Target runtime: any, for ONNX Runtime and other complete implementations of ONNX, or opencv, for the dnn"
                            + " module of OpenCV 4, which needs extra passes (default: ${DEFAULT-VALUE}). docs/compatibility.md lists which"
                            + " models run where.")
    private Target target;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Batch size: a number, or 'dynamic' (default: dynamic, unless --target needs a fixed one).")
    private String batch;

    @Option(
            names = "--opset",
            paramLabel = "VERSION",
            description = "The ONNX operator set to write, " + Opset.OLDEST + " to " + Opset.NEWEST
                    + " (default: 18, or the oldest newer one that has the model's operators). The ONNX checker knows those up to "
                    + ModelChecker.NEWEST_OPSET + ".")
    private Integer opset;

    @Option(
            names = "--passes",
            defaultValue = ALL,
            split = ",",
            paramLabel = "PASS",
            description =
                    "Passes to run, comma-separated, for finding a faulty one: 'all', 'none', names, or 'all' and names to leave"
                            + " out with a minus, as in all,-pool-by-phases (default: ${DEFAULT-VALUE}). An unknown name prints the"
                            + " list of names.")
    private List<String> passes;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    ExportOptions toOptions() {
        ExportOptions every = new ExportOptions(fourier, weights, target, Set.of(), batchSize(), writtenOpset());
        return every.without(omitted(every.passes()));
    }

    private OptionalLong batchSize() {
        if (batch == null) {
            return target.batch();
        }
        if (batch.equals(DYNAMIC)) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(PositiveNumber.of(batch, Long.MAX_VALUE)
                .orElseThrow(() -> refused("--batch: expected a batch size or 'dynamic', got '" + batch + "'")));
    }

    private Optional<Opset> writtenOpset() {
        try {
            return Optional.ofNullable(opset).map(Opset::new);
        } catch (IllegalArgumentException e) {
            throw refused("--opset: " + e.getMessage());
        }
    }

    private Set<String> omitted(PassPipeline every) {
        Set<String> omitted = new HashSet<>(passes.contains(ALL) ? List.of() : every.optional());
        for (String word : passes) {
            boolean isOmitted = word.startsWith("-");
            String name = isOmitted ? word.substring(1) : word;
            if (!isOmitted && (name.equals(ALL) || name.equals(NONE))) {
                continue;
            }
            try {
                every.requireOptional(name);
            } catch (IllegalArgumentException unknown) {
                throw refused("--passes: " + unknown.getMessage());
            }
            if (isOmitted) {
                omitted.add(name);
            } else {
                omitted.remove(name);
            }
        }
        return omitted;
    }

    private ParameterException refused(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
