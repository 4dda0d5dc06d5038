package io.portolan.cli.doctor;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.cli.bundle.BundledModel;
import io.portolan.exporter.CheckpointExportOptions;
import io.portolan.exporter.CheckpointExporter;
import io.portolan.exporter.SourceCheckpoint;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ConfigFile;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.images.ImageInput;
import io.portolan.images.ImagePreprocessor;
import io.portolan.images.Normalization;
import io.portolan.runtime.Device;
import io.portolan.runtime.ImageClassifier;
import io.portolan.runtime.Prediction;
import io.portolan.runtime.RuntimeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A part of the work, done once on the bundled model: its logits must be those that JAX computed elsewhere. A probe runs in a process of
 * its own, which a faulty native library may end.
 */
public enum Probe {
    /** Loads the bundled ONNX file and classifies the images. */
    ONNX_RUNTIME("ONNX Runtime", "predict, serve, bench and evaluate run models") {
        @Override
        Map<Path, float[]> logits(BundledModel bundled) throws IOException {
            return classified(
                    bundled,
                    ImageClassifier.load("the bundled model", BundledModel.onnx(), RuntimeOptions.defaults(), BATCH));
        }
    },

    /** The same on a GPU, if the machine has a driver and this build the libraries. */
    CUDA("ONNX Runtime, CUDA", "predict, serve and bench with --device cuda") {
        @Override
        boolean applies() {
            return CudaDriver.version().isPresent() && Device.CUDA.isSupported();
        }

        @Override
        Map<Path, float[]> logits(BundledModel bundled) throws IOException {
            return classified(
                    bundled,
                    ImageClassifier.load(
                            "the bundled model",
                            BundledModel.onnx(),
                            RuntimeOptions.defaults().withDevice(Device.CUDA),
                            BATCH));
        }
    },

    /** Builds the checkpoint's model as a TensorFlow graph and runs it. */
    TENSORFLOW("TensorFlow", "train, explain, verify, and the proof of every conversion") {
        @Override
        Map<Path, float[]> logits(BundledModel bundled) throws IOException {
            Checkpoint checkpoint = Checkpoints.read(bundled.checkpoint());
            ModelConfig config = config(bundled, checkpoint);
            ImageInput input = config.input();
            Map<Path, float[]> logits = bundled.logits();
            try (ModelGraph graph = ModelGraph.build(checkpoint, config, Plan.FUSED)) {
                ImagePreprocessor preprocessor =
                        new ImagePreprocessor(input.height(), input.width(), Normalization.of(input));
                logits.replaceAll((image, recorded) -> graph.run(
                                input.inEveryFrame(preprocessor.preprocess(image)), List.of(ModelGraph.LOGITS))
                        .get(ModelGraph.LOGITS));
            }
            return logits;
        }
    },

    /** Exports the checkpoint, has the file checked, and classifies the images with it. */
    CONVERSION("conversion", "convert, tf2onnx and jax2onnx") {
        @Override
        Map<Path, float[]> logits(BundledModel bundled) throws IOException {
            SourceCheckpoint source = SourceCheckpoint.read(bundled.checkpoint());
            Path file = bundled.folder().resolve("model.onnx");
            new CheckpointExporter()
                    .export(
                            source,
                            config(bundled, source.checkpoint()),
                            file,
                            CheckpointExportOptions.defaults().unverified());
            return classified(bundled, ImageClassifier.load(file));
        }
    };

    private static final int BATCH = 8;

    private final String label;
    private final String uses;

    Probe(String label, String uses) {
        this.label = label;
        this.uses = uses;
    }

    /** The name in reports. */
    public String label() {
        return label;
    }

    /** The commands that need this to work. */
    public String uses() {
        return uses;
    }

    /** Whether this machine and this build are meant to do this part of the work; asked in the process of the probe. */
    boolean applies() {
        return true;
    }

    /** The logits of the bundled images, in the order of {@link BundledModel#logits}. */
    abstract Map<Path, float[]> logits(BundledModel bundled) throws IOException;

    private static Map<Path, float[]> classified(BundledModel bundled, ImageClassifier loaded) throws IOException {
        try (ImageClassifier classifier = loaded) {
            Map<Path, float[]> logits = bundled.logits();
            List<Prediction> predictions = classifier.classify(new ArrayList<>(logits.keySet()));
            int i = 0;
            for (Map.Entry<Path, float[]> row : logits.entrySet()) {
                List<Float> values = predictions.get(i++).logits();
                float[] computed = new float[values.size()];
                for (int c = 0; c < computed.length; c++) {
                    computed[c] = values.get(c);
                }
                row.setValue(computed);
            }
            return logits;
        }
    }

    private static ModelConfig config(BundledModel bundled, Checkpoint checkpoint) throws IOException {
        return ConfigResolver.resolve(checkpoint, Map.of(), Optional.of(ConfigFile.read(bundled.config())));
    }
}
