package io.portolan.cli;

import io.portolan.runtime.ImageClassifier;
import io.portolan.runtime.Prediction;
import io.portolan.runtime.RuntimeOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        header = "Classifies images with an ONNX file.",
        description =
                "Prepares each image as in training (grey, Pillow's bilinear resize, normalisation) and prints the verdict."
                        + " Needs only the ONNX file. An input that cannot be read is reported, the others are classified, and the"
                        + " exit code is then 1.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  portolan predict model.onnx image.png",
            "  portolan predict model.onnx images/ --json",
            "  portolan predict model.onnx --data pathfinder --ids 3,17",
            "  curl -s https://example.org/image.png | portolan predict model.onnx -"
        })
final class PredictCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MODEL.onnx", description = "A file that 'convert' wrote.")
    private Path model;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "INPUT",
            description =
                    "Images, folders of images, or normalised float32 arrays in .npy or .npz; - for an image on standard input.")
    private List<Path> inputs = List.of();

    @Mixin
    private LabelledSamples labelled;

    @Mixin
    private DeviceOption device;

    @Mixin
    private SelfTestOption selfTest;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        labelled.requireOneSource(inputs);
        UnreadableInputs unreadable = new UnreadableInputs(spec.commandLine().getErr());
        List<Prediction> predictions = new ArrayList<>();
        List<Map<String, Object>> report = new ArrayList<>();
        try (ImageClassifier classifier = ImageClassifier.load(
                model, selfTest.applied(RuntimeOptions.defaults().withDevice(device.chosen())))) {
            if (labelled.areGiven()) {
                labelled.each(classifier.metadata().input(), one -> {
                    Prediction verdict = classifier
                            .classify(
                                    List.of(one.sample().source()), one.sample().values())
                            .get(0);
                    predictions.add(verdict);
                    Map<String, Object> fields = new LinkedHashMap<>(verdict.toMap());
                    fields.put("labelled", classifier.metadata().labels().get(one.label()));
                    report.add(fields);
                });
            }
            Samples reader = new Samples(
                    classifier.metadata().input(), classifier.metadata().normalization());
            for (Path file : Samples.expand(inputs, unreadable)) {
                List<Prediction> verdicts = unreadable
                        .tried(file, chosen -> classify(chosen, reader, classifier))
                        .orElse(List.of());
                predictions.addAll(verdicts);
                verdicts.forEach(verdict -> report.add(verdict.toMap()));
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            unreadable.messages().forEach((input, message) -> report.add(Map.of("source", input, "error", message)));
            out.println(Json.of(report));
        } else if (!predictions.isEmpty()) {
            out.println(Tables.predictions(predictions));
        }
        return unreadable.exitCode();
    }

    private static List<Prediction> classify(Path file, Samples reader, ImageClassifier classifier) throws IOException {
        List<Samples.Sample> samples = reader.read(file);
        return classifier.classify(
                samples.stream().map(Samples.Sample::source).toList(),
                Samples.concatenated(file.toString(), samples).values());
    }
}
