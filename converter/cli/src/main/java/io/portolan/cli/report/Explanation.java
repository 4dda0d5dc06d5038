package io.portolan.cli.report;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.attribution.AttentionMaps;
import io.portolan.graphs.attribution.BilinearApproximation;
import io.portolan.graphs.attribution.CellObservation;
import io.portolan.graphs.attribution.Filters;
import io.portolan.graphs.attribution.GateSummary;
import io.portolan.graphs.attribution.IntegratedGradients;
import io.portolan.graphs.attribution.MechanismGradients;
import io.portolan.graphs.attribution.Plane;
import io.portolan.graphs.attribution.ReceptiveField;
import io.portolan.graphs.attribution.SpatialKernel;
import io.portolan.graphs.attribution.StepTerms;
import io.portolan.graphs.attribution.TemporalGradients;
import io.portolan.graphs.attribution.Transition;
import io.portolan.graphs.cells.Notation;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.runtime.Prediction;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The data of a report.
 *
 * @param name of the checkpoint
 * @param roles what gates, kernels and other weights do, by their names below a module
 * @param absences for each part that the model does not have a sentence that says why
 * @param labels of the classes
 * @param path the integration path of gradients
 */
public record Explanation(
        String name,
        Checkpoint checkpoint,
        ModelConfig config,
        Notation notation,
        Map<String, String> roles,
        List<String> absences,
        List<String> labels,
        IntegratedGradients.Path path,
        List<Sample> samples,
        List<Cell> cells) {

    /**
     * An image, and the attributions of one class's logit to it.
     *
     * @param input the normalised input of the model
     * @param remark how the image was changed before, or empty
     * @param chosenClass the class whose logit is explained
     * @param rollout for each frame what the read-out takes of each place through all attention; empty without attention
     */
    public record Sample(
            Prediction prediction,
            float[] input,
            String remark,
            int chosenClass,
            TemporalGradients temporal,
            MechanismGradients mechanisms,
            IntegratedGradients integrated,
            List<Plane> rollout) {

        /** The file's name without its folders. */
        public String name() {
            return prediction.source().substring(prediction.source().lastIndexOf('/') + 1);
        }
    }

    /**
     * A cell or another module. What it does not have is empty.
     *
     * @param path such as {@code cssm_0}
     * @param gateSummary by gate
     * @param observations of each sample
     * @param steps what each step adds up, of each sample
     * @param transition the mean over all samples
     * @param kernels spatial kernels that multiply spectra
     * @param filters convolutions between channels
     * @param receptiveField of the first sample
     * @param attention of each sample the layers
     * @param approximations of each sample, if requested
     */
    public record Cell(
            String path,
            Map<String, GateSummary> gateSummary,
            List<CellObservation> observations,
            List<StepTerms> steps,
            Optional<Transition> transition,
            List<SpatialKernel> kernels,
            List<Filters> filters,
            Optional<ReceptiveField> receptiveField,
            List<List<AttentionMaps>> attention,
            Optional<List<BilinearApproximation.Run>> approximations) {}

    /** The classes that are explained, in the order of the images. */
    public List<Integer> chosenClasses() {
        return samples.stream().map(Sample::chosenClass).distinct().toList();
    }

    /** The samples for which that class is explained. */
    public List<Sample> of(int chosenClass) {
        return samples.stream()
                .filter(sample -> sample.chosenClass() == chosenClass)
                .toList();
    }
}
