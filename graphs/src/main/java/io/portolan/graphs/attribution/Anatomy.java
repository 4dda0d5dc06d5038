package io.portolan.graphs.attribution;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.cells.Notation;
import io.portolan.graphs.config.HgruConfig;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.config.SimpleCssmConfig;
import io.portolan.graphs.config.VitConfig;
import io.portolan.graphs.model.ModelGraph;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can be seen inside a model of one architecture, module by module. What a module does not have is empty. */
interface Anatomy extends AutoCloseable {
    /** The anatomy of a model. */
    static Anatomy of(Checkpoint checkpoint, ModelConfig config, ModelGraph model) {
        if (config instanceof SimpleCssmConfig simple) {
            return new CellAnatomy(checkpoint, simple, model);
        }
        if (config instanceof HgruConfig hgru) {
            return new HgruAnatomy(checkpoint, hgru, model);
        }
        if (config instanceof VitConfig vit) {
            return new VitAnatomy(checkpoint, vit, model);
        }
        throw new IllegalArgumentException(
                "no anatomy of " + config.architecture().label());
    }

    /** The symbols of the modules' equations. */
    Notation notation();

    /** What gates and kernels do, in words, by their names below the module. */
    default Map<String, String> roles() {
        return notation().roles();
    }

    /** The paths of the modules that can be looked into, in order. */
    List<String> modules();

    /** The paths of the weights by which mechanisms are measured. */
    List<String> weights();

    /** The gradient by a spatial kernel, averaged over its channels; empty if the path is not that of one. */
    Optional<Plane> kernelGradient(String path, float[] gradient);

    /** An upper bound of the numbers in one layer for one sample, which tells how many samples may run at once. */
    int largestLayer();

    /** For each frame, or step that sees the image again, the gradient of a class's logit by each pixel. */
    List<Plane> byFrame(float[] sample, int chosenClass);

    default Map<String, GateSummary> gateSummary(String module) {
        return Map.of();
    }

    CellObservation observe(String module, float[] sample);

    default Optional<StepTerms> stepTerms(String module, float[] sample, int chosenClass) {
        return Optional.empty();
    }

    /** @param samples the samples, concatenated */
    default Optional<Transition> transition(String module, float[] samples) {
        return Optional.empty();
    }

    default Optional<ReceptiveField> receptiveField(String module, float[] sample) {
        return Optional.empty();
    }

    default List<SpatialKernel> kernels(String module) {
        return List.of();
    }

    default List<Filters> filters(String module) {
        return List.of();
    }

    default List<AttentionMaps> attention(String module, float[] sample) {
        return List.of();
    }

    /** For each frame, what the read-out takes of each place through all layers of attention. */
    default List<Plane> rollout(float[] sample) {
        return List.of();
    }

    /** For each part that the model does not have a sentence that says why. */
    List<String> absences();

    /** Releases what is built besides the model. */
    @Override
    default void close() {}
}
