package io.portolan.cli.report;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.attribution.BilinearApproximation;
import io.portolan.graphs.attribution.CellObservation;
import io.portolan.graphs.attribution.GateSummary;
import io.portolan.graphs.attribution.IntegratedGradients;
import io.portolan.graphs.attribution.MechanismGradients;
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
 * @param labels of the classes
 * @param path the integration path of gradients
 */
public record Explanation(
        String name,
        Checkpoint checkpoint,
        ModelConfig config,
        Notation notation,
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
     */
    public record Sample(
            Prediction prediction,
            float[] input,
            String remark,
            int chosenClass,
            TemporalGradients temporal,
            MechanismGradients mechanisms,
            IntegratedGradients integrated) {

        /** The file's name without its folders. */
        public String name() {
            return prediction.source().substring(prediction.source().lastIndexOf('/') + 1);
        }
    }

    /**
     * A cell.
     *
     * @param path such as {@code cssm_0}
     * @param gateSummary by gate
     * @param observations of each sample
     * @param steps what each step adds up, of each sample
     * @param transition the mean over all samples
     * @param receptiveField of the first sample
     * @param approximations of each sample, if requested
     */
    public record Cell(
            String path,
            Map<String, GateSummary> gateSummary,
            List<CellObservation> observations,
            List<StepTerms> steps,
            Transition transition,
            List<SpatialKernel> kernels,
            ReceptiveField receptiveField,
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
