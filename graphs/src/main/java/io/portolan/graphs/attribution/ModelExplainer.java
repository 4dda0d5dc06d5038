package io.portolan.graphs.attribution;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.cells.Notation;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.model.ModelGraph;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Explains a checkpoint's model of any architecture. A sample is one input of the model as described by {@link ModelConfig#input},
 * normalised and row-major; a class is the index of its logit. What a model does not have is empty, and {@link #absences} say
 * why. Ops are built on first use. It owns native memory until it is closed, and is not safe for use by several threads at once.
 */
public final class ModelExplainer implements AutoCloseable {
    /** Largest number of values in one layer, for all samples of a run: about 16 MiB per layer. */
    private static final int LAYER_NUMBERS = 1 << 22;

    private final ModelConfig config;
    private final ModelGraph model;
    private final Anatomy anatomy;
    private LogitGradients byInput;
    private LogitGradients byParameter;

    /**
     * Builds the model.
     *
     * @throws io.portolan.graphs.layers.WeightsException if the checkpoint's arrays are not precisely the model's
     */
    public ModelExplainer(Checkpoint checkpoint, ModelConfig config) {
        this.config = config;
        this.model = ModelGraph.build(checkpoint, config, Plan.FUSED);
        this.anatomy = Anatomy.of(checkpoint, config, model);
    }

    /** The symbols of the modules' equations. */
    public Notation notation() {
        return anatomy.notation();
    }

    /** What gates, kernels and other weights do, in words, by their names below a module. */
    public Map<String, String> roles() {
        return anatomy.roles();
    }

    /** The paths of the modules that can be looked into: cells such as {@code cssm_0}, the layer of an hGRU, blocks of a transformer. */
    public List<String> modules() {
        return anatomy.modules();
    }

    /** For each part that the model does not have a sentence that says why. */
    public List<String> absences() {
        return anatomy.absences();
    }

    /** The logits of a sample, one for each class. */
    public float[] logits(float[] sample) {
        return model.run(sample, List.of(ModelGraph.LOGITS)).get(ModelGraph.LOGITS);
    }

    /** The gradients by the input; a still image is repeated as separate frames, or as what each step of an hGRU sees. */
    public TemporalGradients temporalGradients(float[] sample, int chosenClass) {
        return new TemporalGradients(anatomy.byFrame(sample, chosenClass));
    }

    /** The gradients by all weights of the modules. */
    public MechanismGradients mechanismGradients(float[] sample, int chosenClass) {
        List<String> paths = anatomy.weights();
        if (byParameter == null) {
            byParameter = new LogitGradients(
                    model,
                    config.classes(),
                    paths.stream().map(model.parameters()::get).toList());
        }
        List<float[]> values = byParameter.of(sample, chosenClass).gradients();
        Map<String, float[]> gradients = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            gradients.put(paths.get(i), values.get(i));
        }
        return MechanismGradients.of(gradients, anatomy.modules(), anatomy::kernelGradient);
    }

    /** Integrated gradients by the input; the frames of a still image count together. */
    public IntegratedGradients integratedGradients(float[] sample, int chosenClass, IntegratedGradients.Path path) {
        int atOnce = Math.max(1, LAYER_NUMBERS / anatomy.largestLayer());
        int colours = config.input().channels();
        double[] sums = new double[sample.length];
        for (int from = 0; from < path.points(); from += atOnce) {
            int count = Math.min(atOnce, path.points() - from);
            float[] gradients = gradientsByInput()
                    .of(path.samples(sample, colours, from, count), chosenClass)
                    .gradients()
                    .get(0);
            for (int i = 0; i < gradients.length; i++) {
                sums[i % sample.length] += gradients[i];
            }
        }
        float[] integrated = new float[sample.length];
        for (int i = 0; i < integrated.length; i++) {
            integrated[i] = (float)
                    (sums[i] / path.points() * (sample[i] - path.baseline().at(i, colours)));
        }
        float[] ends = logits(path.ends(sample, colours));
        return new IntegratedGradients(integrated, (double) ends[config.classes() + chosenClass] - ends[chosenClass]);
    }

    /**
     * The gates by their weights only, which is not a value that a gate takes.
     */
    public Map<String, GateSummary> gateSummary(String module) {
        return anatomy.gateSummary(module);
    }

    /** A module's gates and states. */
    public CellObservation observe(String module, float[] sample) {
        return anatomy.observe(module, sample);
    }

    /** What a module adds up in each step, and what that contributes to a class's logit. */
    public Optional<StepTerms> stepTerms(String module, float[] sample, int chosenClass) {
        return anatomy.stepTerms(module, sample, chosenClass);
    }

    /**
     * The transition matrix of a cell.
     *
     * @param samples the samples, concatenated
     */
    public Optional<Transition> transition(String module, float[] samples) {
        return anatomy.transition(module, samples);
    }

    /** The receptive field of the middle of a module's map. */
    public Optional<ReceptiveField> receptiveField(String module, float[] sample) {
        return anatomy.receptiveField(module, sample);
    }

    /** A cell's spatial kernels. */
    public List<SpatialKernel> kernels(String module) {
        return anatomy.kernels(module);
    }

    /** A module's convolutions between channels. */
    public List<Filters> filters(String module) {
        return anatomy.filters(module);
    }

    /** A module's layers of attention. */
    public List<AttentionMaps> attention(String module, float[] sample) {
        return anatomy.attention(module, sample);
    }

    /** For each frame, what the read-out takes of each place (H, W) through all layers of attention; all of it sums up to 1. */
    public List<Plane> rollout(float[] sample) {
        return anatomy.rollout(sample);
    }

    /**
     * The simplified cell of the reference's notebooks; its states differ from those of {@link #observe}.
     *
     * @throws IllegalArgumentException if the cells are not {@code hgru_bi}
     */
    public BilinearApproximation.Run simplified(String module, float[] sample) {
        if (!(anatomy instanceof CellAnatomy cells)) {
            throw new IllegalArgumentException(
                    "there is no approximation of " + config.architecture().label() + ", only of hgru_bi");
        }
        return cells.simplified(module, sample);
    }

    private LogitGradients gradientsByInput() {
        if (byInput == null) {
            byInput = new LogitGradients(model, config.classes(), List.of(model.input()));
        }
        return byInput;
    }

    @Override
    public void close() {
        anatomy.close();
        model.close();
    }
}
