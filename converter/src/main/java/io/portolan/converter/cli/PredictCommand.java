package io.portolan.converter.cli;

import io.portolan.runtime.ImageClassifier;
import io.portolan.runtime.Prediction;
import io.portolan.runtime.RuntimeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        description = "Prepares each image as the model was trained (grey, Pillow's bilinear resize, normalisation) and prints the"
                + " verdict. Needs the ONNX file alone.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  portolan predict model.onnx image.png",
            "  portolan predict model.onnx images/ --json"
        })
final class PredictCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MODEL.onnx", description = "A file that 'convert' wrote.")
    private Path model;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "INPUT",
            description = "Images, folders of images, or normalised float32 arrays in .npy or .npz.")
    private List<Path> inputs;

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
        List<Prediction> predictions = new ArrayList<>();
        try (ImageClassifier classifier = ImageClassifier.load(
                model, selfTest.applied(RuntimeOptions.defaults().withDevice(device.chosen())))) {
            Samples reader = new Samples(classifier.metadata().input(), classifier.metadata().normalization());
            for (Path file : Samples.expand(inputs)) {
                List<Samples.Sample> samples = reader.read(file);
                predictions.addAll(classifier.classify(
                        samples.stream().map(Samples.Sample::source).toList(),
                        Samples.together(file.toString(), samples).values()));
            }
        }
        spec.commandLine().getOut().println(
                json ? Json.of(predictions.stream().map(Prediction::toMap).toList()) : Tables.predictions(predictions));
        return 0;
    }
}
