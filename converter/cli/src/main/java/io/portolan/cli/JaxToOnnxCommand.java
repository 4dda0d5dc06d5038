package io.portolan.cli;

import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.ReadOptions;
import io.portolan.converter.ConversionOptions;
import io.portolan.converter.ConversionReport;
import io.portolan.converter.ParityException;
import io.portolan.converter.ProgramConverter;
import io.portolan.converter.Stages;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.source.SavedModels;
import io.portolan.converter.stablehlo.ProgramImporter;
import io.portolan.converter.verify.InputSample;
import io.portolan.converter.verify.RecordedReference;
import io.portolan.converter.verify.Reference;
import io.portolan.converter.xla.XlaProgram;
import io.portolan.converter.xla.XlaReference;
import io.portolan.exporter.program.ProgramParameters;
import io.portolan.programs.Program;
import io.portolan.programs.files.ProgramFiles;
import io.portolan.programs.stablehlo.Elements;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        name = "jax2onnx",
        mixinStandardHelpOptions = true,
        header = "Converts any JAX program to ONNX.",
        description = {
            "Reads a file of jax.export (jax.export.export(jax.jit(f))(...).serialize()), StableHLO text (jax.jit(f).lower(...).as_text()) or"
                    + " MLIR bytecode, converts every operation, validates the result with the ONNX checker, compares it with XLA in this"
                    + " process or with recorded samples, and only then writes the file. Nothing in the program is executed but by XLA's own"
                    + " compiler. All operations that cannot be converted are listed at once. Exits with 3 if a difference exceeds --tolerance.",
            "",
            "Inputs are named like the arguments, in[0], in[1]['x'], outputs like the results, out['y'][0]. A complex tensor has a last axis of"
                    + " real and imaginary part."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  portolan jax2onnx program.jaxexport -o model.onnx",
            "  portolan jax2onnx program.jaxexport --params checkpoint.pkl -o model.onnx",
            "  portolan jax2onnx program.mlir --sample io.npz -o model.onnx",
            "  portolan jax2onnx program.jaxexport --saved-model program_tf/"
        })
final class JaxToOnnxCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "PROGRAM",
            description =
                    "A file of jax.export, StableHLO text (.mlir) or MLIR bytecode. (For a SavedModel of jax2tf: tf2onnx.)")
    private Path source;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "MODEL.onnx",
            description = "The ONNX file to write.")
    private Optional<Path> output = Optional.empty();

    @Option(
            names = "--saved-model",
            paramLabel = "FOLDER",
            description = "Write the program as a SavedModel that TensorFlow runs with XLA: a new folder.")
    private Optional<Path> savedModel = Optional.empty();

    @Option(
            names = "--params",
            paramLabel = "CHECKPOINT",
            description =
                    "Fill the first argument from a checkpoint, in any format that 'inspect' reads; its arrays become constants of"
                            + " the model. Arrays that are missing or left over are listed.")
    private Optional<Path> parameters = Optional.empty();

    @Option(
            names = "--params-at",
            paramLabel = "PATH",
            description =
                    "The place of the parameters in the checkpoint, such as ema_params; needed only if several could be meant.")
    private Optional<String> parametersAt = Optional.empty();

    @Mixin
    private ReadOptionsMixin reading;

    @Mixin
    private VerifiedConversionMixin conversion;

    @Option(
            names = "--sample",
            paramLabel = "FILE.npz",
            description =
                    "Compare on this sample, with arrays named like the inputs. If it holds the outputs too, they are what is compared"
                            + " with; otherwise XLA computes them. May be repeated.")
    private List<Path> samples = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (output.isEmpty() && savedModel.isEmpty()) {
            throw refused("give -o MODEL.onnx, --saved-model FOLDER, or both");
        }
        if (SavedModels.isSavedModel(source)) {
            throw refused(source + " is a SavedModel: convert it with 'portolan tf2onnx " + source + " -o MODEL.onnx'");
        }
        ConversionOptions options = conversion.toOptions(samples);
        if (options.export().batch().isPresent()) {
            throw refused("--batch: the sizes of a program are its own; export it with the size that you want");
        }
        Stages stages = PrintedStages.to(conversion.progress(), ConvertCommand.STAGE_WIDTH);
        long start = System.nanoTime();
        Program program = stages.run("read", () -> ProgramFiles.read(source), JaxToOnnxCommand::described);
        Map<String, Elements> frozen = frozen(program, stages);
        QuietTensorFlow.start();
        if (savedModel.isPresent()) {
            stages.run(
                    "saved model",
                    () -> {
                        XlaProgram.save(program, frozen, savedModel.get());
                        return savedModel.get();
                    },
                    folder -> "wrote " + folder);
        }
        return output.isPresent() ? convert(program, frozen, options, stages, start) : 0;
    }

    private static String described(Program program) {
        return program.form() + "; " + program.usedArguments().size() + " arguments to "
                + program.results().size() + " results";
    }

    private Map<String, Elements> frozen(Program program, Stages stages) throws IOException {
        if (parameters.isEmpty()) {
            return Map.of();
        }
        ReadOptions options = reading.toOptions();
        ReadOptions placed = parametersAt.isPresent() ? options.withParametersAt(parametersAt.get()) : options;
        return stages.run(
                "parameters",
                () -> ProgramParameters.of(program, Checkpoints.read(parameters.get(), placed))
                        .arrays(),
                arrays -> arrays.size() + " arrays");
    }

    private int convert(
            Program program, Map<String, Elements> frozen, ConversionOptions options, Stages stages, long start)
            throws IOException {
        List<String> outputs = program.results().stream()
                .map(result -> ProgramImporter.outputName(result.path()))
                .toList();
        boolean isRecorded = !options.samples().isEmpty()
                && options.samples().stream()
                        .allMatch(sample -> sample.tensors().keySet().containsAll(outputs));
        try (Lazy reference = new Lazy(program, frozen, isRecorded, outputs)) {
            ConversionReport report =
                    new ProgramConverter(stages).convert(program, frozen, reference, output.orElseThrow(), options);
            conversion.print(report, output.get(), start);
            return 0;
        } catch (ParityException differs) {
            return conversion.refuse(differs, output.get(), "its source");
        }
    }

    private ParameterException refused(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** The reference, which is made when it is first needed: XLA takes seconds to start, and not every program. */
    private static final class Lazy implements Reference, AutoCloseable {
        private final Program program;
        private final Map<String, Elements> frozen;
        private final Optional<RecordedReference> recorded;
        private Optional<XlaReference> xla = Optional.empty();

        Lazy(Program program, Map<String, Elements> frozen, boolean isRecorded, List<String> outputs) {
            this.program = program;
            this.frozen = frozen;
            this.recorded = isRecorded ? Optional.of(new RecordedReference(outputs)) : Optional.empty();
        }

        @Override
        public String name() {
            return recorded.map(Reference::name).orElse("XLA");
        }

        @Override
        public boolean isComputed() {
            return recorded.isEmpty();
        }

        @Override
        public List<TensorData> run(InputSample sample) {
            if (recorded.isPresent()) {
                return recorded.get().run(sample);
            }
            if (xla.isEmpty()) {
                QuietTensorFlow.startXla();
                xla = Optional.of(new XlaReference(program, frozen));
            }
            return xla.get().run(sample);
        }

        @Override
        public void close() {
            xla.ifPresent(XlaReference::close);
        }
    }
}
