package io.portolan.cli;

import io.portolan.cli.report.ReportFile;
import io.portolan.converter.ConversionOptions;
import io.portolan.converter.ConversionReport;
import io.portolan.converter.ParityException;
import io.portolan.converter.Stages;
import io.portolan.converter.TensorFlowConverter;
import io.portolan.converter.source.GraphDefFiles;
import io.portolan.converter.source.KerasFiles;
import io.portolan.converter.source.SavedModels;
import io.portolan.converter.source.TensorFlowJsFiles;
import io.portolan.converter.source.TensorFlowModel;
import io.portolan.converter.xla.XlaSavedModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "tf2onnx",
        mixinStandardHelpOptions = true,
        header = "Converts any TensorFlow graph to ONNX.",
        description =
                "Reads a SavedModel folder, a frozen GraphDef, a Keras file or a graph model of TensorFlow.js, replaces variables by constants, inlines function calls, converts"
                        + " the nodes that the outputs depend on, validates the result with the ONNX checker, compares it with TensorFlow"
                        + " on random inputs or your own, and only then writes the file. All unsupported ops are listed at once, each with its"
                        + " nodes and a workaround if there is one. Exits with 3 if a difference exceeds --tolerance.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  portolan tf2onnx saved_model/ -o model.onnx",
            "  portolan tf2onnx saved_model/ --signature classify --opset 15 --dtype float16 -o model.onnx",
            "  portolan tf2onnx frozen.pb --inputs image --outputs probabilities -o model.onnx",
            "  portolan tf2onnx model.keras -o model.onnx",
            "  portolan tf2onnx web_model/model.json --inputs-as-nchw image -o model.onnx",
            "  portolan tf2onnx saved_model/ --sample first.npz --sample second.npz -o model.onnx",
            "  portolan tf2onnx saved_model/ --shape image=1,224,224,3 --report report.html -o model.onnx"
        })
final class TensorFlowToOnnxCommand implements Callable<Integer> {
    /** A tensor and its shape in brackets. */
    private static final Pattern WITH_SHAPE = Pattern.compile("(.+)\\[([^\\]]*)\\]");

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL",
            description =
                    "A SavedModel folder, a GraphDef file (.pb), a Keras file (.keras, .h5), or the model.json of a TensorFlow.js graph model.")
    private Path positional;

    @Option(
            names = {"--saved-model", "--graphdef", "--keras", "--tfjs"},
            paramLabel = "MODEL",
            description = "The same, in the words of tf2onnx.")
    private Path named;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "MODEL.onnx",
            description = "The file to write.")
    private Path output;

    @OptionGroup("The part of the graph")
    @Option(
            names = {"--signature", "--signature_def"},
            paramLabel = "NAME",
            description = "Signature of a SavedModel. Default: serving_default, or the only one.")
    private Optional<String> signature = Optional.empty();

    @OptionGroup("The part of the graph")
    @Option(
            names = {"--tags", "--tag"},
            split = ",",
            defaultValue = "serve",
            paramLabel = "TAG",
            description = "Tags of the graph in a SavedModel (default: ${DEFAULT-VALUE}).")
    private List<String> tags;

    @OptionGroup("The part of the graph")
    @Option(
            names = "--inputs",
            split = ",(?![^\\[]*])",
            splitSynopsisLabel = ",",
            paramLabel = "TENSOR",
            description =
                    "Tensors to begin at, node or node:1, possibly with a shape: node:0[1,28,28,1]; what computes them is left out. Default: those of the"
                            + " signature, or all placeholders that the outputs depend on.")
    private List<String> inputs = List.of();

    @OptionGroup("The part of the graph")
    @Option(
            names = "--outputs",
            split = ",",
            paramLabel = "TENSOR",
            description =
                    "Tensors to compute, node or node:1. Default: those of the signature, or nodes that depend on an input and"
                            + " have no consumers.")
    private List<String> outputs = List.of();

    @OptionGroup("Its interface")
    @Option(
            names = "--shape",
            paramLabel = "INPUT=N,N,...",
            description =
                    "Shape of an input with dynamic dimensions, or of unknown rank; -1 for those that stay dynamic, nothing for a"
                            + " scalar.")
    private Map<String, String> shapes = new LinkedHashMap<>();

    @OptionGroup("Its interface")
    @Option(
            names = "--constant",
            paramLabel = "INPUT=VALUE",
            description =
                    "An input that becomes a constant of the file: a number, true or false, such as keep_prob=1 or training=false. May be"
                            + " repeated.")
    private Map<String, String> constants = new LinkedHashMap<>();

    @OptionGroup("Its interface")
    @Option(
            names = "--rename-inputs",
            split = ",",
            paramLabel = "NAME",
            description = "Names of the inputs, in their order.")
    private List<String> inputNames = List.of();

    @OptionGroup("Its interface")
    @Option(
            names = "--rename-outputs",
            split = ",",
            paramLabel = "NAME",
            description = "Names of the outputs, in their order.")
    private List<String> outputNames = List.of();

    @OptionGroup("Its interface")
    @Option(
            names = "--inputs-as-nchw",
            split = ",",
            paramLabel = "INPUT",
            description = "Inputs that are (N,C,H,W) in the file, though (N,H,W,C) in the graph.")
    private List<String> inputsAsNchw = List.of();

    @OptionGroup("Its interface")
    @Option(
            names = "--outputs-as-nchw",
            split = ",",
            paramLabel = "OUTPUT",
            description = "Outputs that are (N,C,H,W) in the file, though (N,H,W,C) in the graph.")
    private List<String> outputsAsNchw = List.of();

    @Mixin
    private VerifiedConversionMixin conversion;

    @OptionGroup("Comparison")
    @Option(
            names = "--sample",
            paramLabel = "FILE.npz",
            description =
                    "Compare on this sample, with arrays named like the inputs, instead of random ones. May be repeated.")
    private List<Path> samples = List.of();

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write a report on the conversion of each node, as .html or .json.")
    private Optional<Path> reportPath = Optional.empty();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ConversionOptions options = conversion.toOptions(samples);
        Path source = source();
        Optional<ReportFile> reportFile = reportPath.isPresent()
                ? Optional.of(ReportFile.at(reportPath.get(), options.replace()))
                : Optional.empty();
        long start = System.nanoTime();
        Stages stages = PrintedStages.to(conversion.progress(), ConvertCommand.STAGE_WIDTH);
        QuietTensorFlow.start();
        try (TensorFlowModel model = stages.run(
                "read",
                () -> open(source),
                read -> read.graph().getNodeCount() + " TensorFlow nodes; "
                        + read.inputs().values() + " to " + read.outputs().values())) {
            if (options.verify() && !XlaSavedModels.programs(model.graph()).isEmpty()) {
                QuietTensorFlow.startXla();
            }
            ConversionReport report = new TensorFlowConverter(stages).convert(shaped(model), output, options);
            write(report, reportFile);
            conversion.print(report, output, start);
            return 0;
        } catch (ParityException differs) {
            write(differs.report(), reportFile);
            return conversion.refuse(differs, output, "TensorFlow");
        }
    }

    private void write(ConversionReport report, Optional<ReportFile> file) throws IOException {
        if (file.isPresent()) {
            file.get().write(output.getFileName().toString(), report);
        }
    }

    private Path source() {
        if ((positional == null) == (named == null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "expected one MODEL: a SavedModel folder, a GraphDef file, a Keras file, or a model.json");
        }
        return positional == null ? named : positional;
    }

    /** The model with the constants, shapes, layouts and names of the options; shapes are those of the file, by the names before. */
    private TensorFlowModel shaped(TensorFlowModel model) {
        Map<String, List<Long>> sizes = new LinkedHashMap<>();
        shapes.forEach((name, text) -> sizes.put(name, sizes("--shape " + name + "=" + text, text)));
        for (String input : inputs) {
            Matcher written = WITH_SHAPE.matcher(input);
            if (written.matches()) {
                sizes.put(written.group(1).replaceFirst(":0$", ""), sizes("--inputs " + input, written.group(2)));
            }
        }
        return model.withConstants(constants)
                .withChannelsFirst(inputsAsNchw, outputsAsNchw)
                .withShapes(sizes)
                .withNames(inputNames, outputNames);
    }

    private List<Long> sizes(String option, String text) {
        try {
            return text.isBlank()
                    ? List.of()
                    : Arrays.stream(text.split(","))
                            .map(String::trim)
                            .map(Long::valueOf)
                            .toList();
        } catch (NumberFormatException wrong) {
            throw new ParameterException(
                    spec.commandLine(), option + ": expected sizes such as 1,224,224,3, with -1 for dynamic ones");
        }
    }

    private TensorFlowModel open(Path source) throws IOException {
        List<String> begins = inputs.stream()
                .map(input -> WITH_SHAPE.matcher(input).replaceFirst("$1"))
                .toList();
        boolean isFile = source.getFileName().toString().equals("saved_model.pb");
        Path folder = isFile ? source.toAbsolutePath().getParent() : source;
        if (SavedModels.isSavedModel(folder)) {
            if (inputs.isEmpty() && outputs.isEmpty()) {
                return SavedModels.open(folder, tags, signature);
            }
            if (signature.isPresent()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--inputs and --outputs choose a part of the graph, --signature a part that has a name; expected one of them");
            }
            return SavedModels.open(folder, tags, begins, outputs);
        }
        if (Files.isDirectory(source)) {
            throw new IOException(source
                    + ": is a folder without saved_model.pb; expected a SavedModel, a GraphDef file, a Keras file or the model.json of a TensorFlow.js"
                    + " graph model");
        }
        if (KerasFiles.isModel(source)) {
            return KerasFiles.open(source, begins, outputs);
        }
        return source.toString().endsWith(".json")
                ? TensorFlowJsFiles.open(source, begins, outputs)
                : GraphDefFiles.open(source, begins, outputs);
    }
}
