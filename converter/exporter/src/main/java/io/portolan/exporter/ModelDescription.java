package io.portolan.exporter;

import io.portolan.converter.WeightType;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.images.Normalization;
import io.portolan.runtime.ModelMetadata;
import io.portolan.runtime.ModelSource;
import java.util.List;
import java.util.stream.IntStream;

/** What an export writes into the file about itself. */
public final class ModelDescription {
    private ModelDescription() {}

    /**
     * @param labels one for each class; empty for Pathfinder's two, or numbers where there are more classes
     * @throws LabelCountException if the labels are not as many as the classes
     */
    public static ModelMetadata of(
            ModelConfig config, Plan plan, WeightType weights, ModelSource origin, List<String> labels) {
        return new ModelMetadata(
                OnnxWriter.version(),
                plan.label(),
                weights.label(),
                config.toJson(),
                origin,
                Normalization.IMAGENET,
                labels(config.classes(), labels),
                config.input());
    }

    /**
     * Names of classes: those that were said, or else Pathfinder's, or else numbers.
     *
     * @throws LabelCountException if those that were said are not as many as the classes
     */
    public static List<String> labels(int classes, List<String> said) {
        if (said.isEmpty()) {
            return classes == ModelMetadata.PATHFINDER_LABELS.size()
                    ? ModelMetadata.PATHFINDER_LABELS
                    : IntStream.range(0, classes).mapToObj(i -> "class " + i).toList();
        }
        if (said.size() != classes) {
            throw new LabelCountException(said.size(), classes);
        }
        return said;
    }
}
