package io.portolan.exporter;

import io.portolan.checkpoints.Checkpoints;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.passes.WeightType;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.images.Normalization;
import io.portolan.runtime.ModelMetadata;
import io.portolan.runtime.ModelSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** What an export writes into the file about itself. */
public final class ModelDescription {
    private ModelDescription() {}

    /**
     * @param labels one for each class; empty for Pathfinder's two, or numbers where there are more classes
     */
    public static ModelMetadata of(ModelConfig config, Plan plan, WeightType weights, Path checkpoint, List<String> labels) throws IOException {
        return new ModelMetadata(
                OnnxWriter.version(),
                plan.label(),
                weights.label(),
                config.toJson(),
                new ModelSource(checkpoint.getFileName().toString(), Checkpoints.sha256(checkpoint)),
                Normalization.IMAGENET,
                labels(config.classes(), labels),
                config.input());
    }

    /** Names of classes: those that were said, or else Pathfinder's, or else numbers. */
    public static List<String> labels(int classes, List<String> said) throws IOException {
        if (said.isEmpty()) {
            return classes == ModelMetadata.PATHFINDER_LABELS.size()
                    ? ModelMetadata.PATHFINDER_LABELS
                    : IntStream.range(0, classes).mapToObj(i -> "class " + i).toList();
        }
        if (said.size() != classes) {
            throw new IOException("--labels: " + said.size() + " labels were given, but the model has " + classes + " classes");
        }
        return said;
    }
}
