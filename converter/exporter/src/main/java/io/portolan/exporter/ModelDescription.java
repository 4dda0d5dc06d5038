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

/** The metadata that describes a model in its file. */
public final class ModelDescription {
    private ModelDescription() {}

    /**
     * @param labels one for each class; empty for Pathfinder's two, or for numbers if there are more classes
     * @throws LabelCountException if the number of labels is not that of the classes
     */
    public static ModelMetadata of(
            ModelConfig config, Plan plan, WeightType weights, ModelSource origin, List<String> labels) {
        return new ModelMetadata(
                OnnxWriter.version(),
                plan.label(),
                weights.label(),
                config.toJson(),
                origin,
                Normalization.of(config.input()),
                labels(config.classes(), labels),
                config.input());
    }

    /**
     * The names of the classes: those given, otherwise Pathfinder's two, otherwise numbers.
     *
     * @throws LabelCountException if the number of given names is not that of the classes
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
