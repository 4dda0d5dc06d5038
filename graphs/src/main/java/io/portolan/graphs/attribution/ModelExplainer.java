package io.portolan.graphs.attribution;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.cells.Cell;
import io.portolan.graphs.cells.CellSite;
import io.portolan.graphs.cells.CellSteps;
import io.portolan.graphs.cells.CellTrace;
import io.portolan.graphs.cells.FeatureMap;
import io.portolan.graphs.cells.FeatureSequence;
import io.portolan.graphs.cells.Notation;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.cells.TimeForm;
import io.portolan.graphs.config.ConfigException;
import io.portolan.graphs.config.InputForm;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.config.SimpleCssmConfig;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.images.ImageInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Explains a checkpoint's model. A sample is one input of the model as described by {@link ModelConfig#input},
 * normalised and row-major; a class is the index of its logit. Ops are built on first use. It owns native memory until
 * it is closed, and is not safe for use by several threads at once.
 */
public final class ModelExplainer implements AutoCloseable {
    /** Largest number of values in one layer of the stem, for all samples of a run: about 16 MiB per layer. */
    private static final int LAYER_NUMBERS = 1 << 22;

    private final Checkpoint checkpoint;
    private final SimpleCssmConfig config;
    private final Cell cell;
    private final Notation notation;
    private final ModelGraph model;
    private final List<String> cellParameters;
    private final Map<String, CellSteps> steps = new LinkedHashMap<>();
    private final Map<String, CellProbe> probes = new LinkedHashMap<>();
    private final Map<String, StepProbe> stepProbes = new LinkedHashMap<>();
    private final Map<String, BilinearApproximation> approximations = new LinkedHashMap<>();
    private ModelGraph video;
    private LogitGradients byInput;
    private LogitGradients byFrame;
    private LogitGradients byParameter;

    /**
     * Builds the model.
     *
     * @throws io.portolan.graphs.layers.WeightsException if the checkpoint's arrays are not precisely the model's
     * @throws ConfigException if the model is of an architecture without cells, or its cells have no states of linear systems at
     *     spatial frequencies
     */
    public ModelExplainer(Checkpoint checkpoint, ModelConfig described) {
        if (!(described instanceof SimpleCssmConfig simple)) {
            throw new ConfigException("a model of the architecture '"
                    + described.architecture().label() + "' cannot be explained: it has no cells");
        }
        this.checkpoint = checkpoint;
        this.config = simple;
        this.cell = Cell.of(simple.cell(), simple.options());
        this.notation = cell.notation();
        this.model = ModelGraph.build(checkpoint, config, Plan.FUSED);
        if (!trace(cells().get(0)).hasStates(notation.states().size())) {
            model.close();
            throw new ConfigException("a model of the cell '" + simple.cell().label()
                    + "' cannot be explained: only cells with linear systems at spatial frequencies can");
        }
        this.cellParameters = model.parameters().keySet().stream()
                .filter(path -> path.startsWith("cssm_"))
                .toList();
    }

    /** The symbols of the cells' equations. */
    public Notation notation() {
        return notation;
    }

    /** The cells' paths, such as {@code cssm_0}. */
    public List<String> cells() {
        return IntStream.range(0, config.depth()).mapToObj(i -> "cssm_" + i).toList();
    }

    /** The logits of a sample, one for each class. */
    public float[] logits(float[] sample) {
        return model.run(sample, List.of(ModelGraph.LOGITS)).get(ModelGraph.LOGITS);
    }

    /** The gradients by the input; a still image is repeated as separate frames. */
    public TemporalGradients temporalGradients(float[] sample, int chosenClass) {
        if (byFrame == null) {
            byFrame = config.inputForm() == InputForm.VIDEO ? gradientsByInput() : gradientsByFrame();
        }
        float[] gradient = byFrame.of(inFrames(sample), chosenClass).gradients().get(0);
        return new TemporalGradients(Plane.ofPixels(gradient, config.imageHeight(), config.imageWidth()));
    }

    private float[] inFrames(float[] sample) {
        return config.inputForm() == InputForm.VIDEO
                ? sample
                : config.withInput(InputForm.VIDEO).input().inEveryFrame(sample);
    }

    /** The gradients by all weights of the cells. */
    public MechanismGradients mechanismGradients(float[] sample, int chosenClass) {
        if (byParameter == null) {
            byParameter = new LogitGradients(
                    model,
                    config.classes(),
                    cellParameters.stream().map(model.parameters()::get).toList());
        }
        List<float[]> values = byParameter.of(sample, chosenClass).gradients();
        Map<String, float[]> gradients = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            gradients.put(cellParameters.get(i), values.get(i));
        }
        return MechanismGradients.of(gradients, notation.kernels().keySet(), config.kernelSize());
    }

    /** Integrated gradients by the input; the frames of a still image count together. */
    public IntegratedGradients integratedGradients(float[] sample, int chosenClass, IntegratedGradients.Path path) {
        int atOnce = Math.max(1, LAYER_NUMBERS / (sample.length / ImageInput.CHANNELS * config.channels()));
        double[] sums = new double[sample.length];
        for (int from = 0; from < path.points(); from += atOnce) {
            int count = Math.min(atOnce, path.points() - from);
            float[] gradients = gradientsByInput()
                    .of(path.samples(sample, from, count), chosenClass)
                    .gradients()
                    .get(0);
            for (int i = 0; i < gradients.length; i++) {
                sums[i % sample.length] += gradients[i];
            }
        }
        float[] integrated = new float[sample.length];
        for (int i = 0; i < integrated.length; i++) {
            integrated[i] = (float)
                    (sums[i] / path.points() * (sample[i] - path.baseline().at(i)));
        }
        float[] ends = logits(path.ends(sample));
        return new IntegratedGradients(integrated, (double) ends[config.classes() + chosenClass] - ends[chosenClass]);
    }

    /**
     * The gates by their weights only, which is not a value that a gate takes.
     */
    public Map<String, GateSummary> gateSummary(String cell) {
        return new CellWeights(checkpoint, config, cell).gates();
    }

    /** A cell's gates and states. */
    public CellObservation observe(String cell, float[] sample) {
        return probe(cell).observe(sample);
    }

    /** What a cell adds up in each step, and what that contributes to a class's logit. */
    public StepTerms stepTerms(String cell, float[] sample, int chosenClass) {
        return stepProbes
                .computeIfAbsent(cell, path -> new StepProbe(model, config, notation, steps(path), path))
                .of(sample, chosenClass);
    }

    /**
     * The transition matrix of a cell.
     *
     * @param samples the samples, concatenated
     */
    public Transition transition(String cell, float[] samples) {
        return probe(cell).transition(samples);
    }

    /** The receptive field of the middle of a cell's map. */
    public ReceptiveField receptiveField(String cell, float[] sample) {
        return probe(cell).receptiveField(sample);
    }

    /** A cell's spatial kernels. */
    public List<SpatialKernel> kernels(String cell) {
        return new CellWeights(checkpoint, config, cell).kernels();
    }

    /**
     * The simplified cell of the reference's notebooks; its states differ from those of {@link #observe}.
     *
     * @throws IllegalArgumentException if the cells are not {@code hgru_bi}
     */
    public BilinearApproximation.Run simplified(String cell, float[] sample) {
        return approximations
                .computeIfAbsent(cell, path -> new BilinearApproximation(checkpoint, config, model, path))
                .run(sample);
    }

    private LogitGradients gradientsByInput() {
        if (byInput == null) {
            byInput = new LogitGradients(model, config.classes(), List.of(model.input()));
        }
        return byInput;
    }

    private LogitGradients gradientsByFrame() {
        video = ModelGraph.build(checkpoint, config.withInput(InputForm.VIDEO), Plan.FUSED);
        return new LogitGradients(video, config.classes(), List.of(video.input()));
    }

    private CellTrace trace(String path) {
        return new CellTrace(model.scope().tf(), model.outputs(), path);
    }

    private CellSteps steps(String cellPath) {
        return steps.computeIfAbsent(
                cellPath,
                path -> CellSteps.of(
                        cell,
                        new CellSite(
                                model.scope().in(path),
                                new FeatureMap(
                                        config.steps(), config.mapHeight(), config.mapWidth(), config.channels()),
                                TimeForm.UNROLLED,
                                config.positions().inCells(),
                                config.kernelSize(),
                                config.options(),
                                false),
                        new FeatureSequence(trace(path).input())));
    }

    private CellProbe probe(String cell) {
        return probes.computeIfAbsent(cell, path -> new CellProbe(model, config, notation, steps(path), path));
    }

    @Override
    public void close() {
        model.close();
        if (video != null) {
            video.close();
        }
    }
}
