package io.portolan.graphs.attribution;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.cells.Notation;
import io.portolan.graphs.config.InputForm;
import io.portolan.graphs.config.VitConfig;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.graphs.model.VitTrace;
import io.portolan.graphs.ops.MatrixProduct;
import io.portolan.graphs.ops.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** A vision transformer: the attention of its blocks. */
final class VitAnatomy implements Anatomy {
    private static final Notation NOTATION = new Notation(List.of(), List.of(), Map.of(), Map.of());

    private final VitConfig config;
    private final ModelGraph model;
    private final Ops tf;
    private final int frames;
    private final int places;
    /** The weights of every block's attention, by path. */
    private final Map<String, Operand<TFloat32>> amongPlaces = new LinkedHashMap<>();

    private final Map<String, Operand<TFloat32>> amongFrames = new LinkedHashMap<>();
    private Operand<TFloat32> rollout;
    private final FrameGradients byFrame;

    VitAnatomy(Checkpoint checkpoint, VitConfig config, ModelGraph model) {
        this.config = config;
        this.model = model;
        this.tf = model.scope().tf();
        this.byFrame = new FrameGradients(checkpoint, config, model);
        this.frames = config.input().frames();
        this.places = config.mapHeight() * config.mapWidth();
        for (int i = 0; i < config.depth(); i++) {
            amongPlaces.put(VitTrace.block(i), VitTrace.attention(model, VitTrace.block(i)));
            if (config.attendsOverTimeAfter(i) && isVideo()) {
                amongFrames.put(VitTrace.temporalBlock(i), VitTrace.attention(model, VitTrace.temporalBlock(i)));
            }
        }
    }

    private boolean isVideo() {
        return config.inputForm() == InputForm.VIDEO;
    }

    @Override
    public Notation notation() {
        return NOTATION;
    }

    @Override
    public List<String> modules() {
        List<String> modules = new ArrayList<>();
        for (int i = 0; i < config.depth(); i++) {
            modules.add(VitTrace.block(i));
            if (amongFrames.containsKey(VitTrace.temporalBlock(i))) {
                modules.add(VitTrace.temporalBlock(i));
            }
        }
        return modules;
    }

    @Override
    public List<String> weights() {
        return List.copyOf(model.parameters().keySet());
    }

    @Override
    public Optional<Plane> kernelGradient(String path, float[] gradient) {
        return Optional.empty();
    }

    @Override
    public int largestLayer() {
        return frames * places * Math.max(config.hidden(), config.heads() * places);
    }

    @Override
    public List<Plane> byFrame(float[] sample, int chosenClass) {
        return byFrame.of(sample, chosenClass);
    }

    @Override
    public CellObservation observe(String module, float[] sample) {
        return CellObservation.NONE;
    }

    @Override
    public List<AttentionMaps> attention(String module, float[] sample) {
        return List.of(
                amongPlaces.containsKey(module)
                        ? AttentionMaps.amongPlaces(
                                fetched(sample, amongPlaces.get(module)),
                                config.heads(),
                                config.mapHeight(),
                                config.mapWidth())
                        : AttentionMaps.amongFrames(
                                fetched(sample, amongFrames.get(module)), config.heads(), frames, frames));
    }

    /**
     * Abnar and Zuidema, "Quantifying attention flow in transformers", 2020: each layer passes on half of what it has attended to, as
     * the mean of its heads, and half of what it was given. The read-out takes all places of all frames alike.
     */
    @Override
    public List<Plane> rollout(float[] sample) {
        if (rollout == null) {
            rollout = rollout();
        }
        return Plane.split(fetched(sample, rollout), config.mapHeight(), config.mapWidth());
    }

    /** {@code (T, 1, H·W)}, carried back from the last layer to the patches. */
    private Operand<TFloat32> rollout() {
        float[] alike = new float[frames * places];
        Arrays.fill(alike, 1f / alike.length);
        Operand<TFloat32> shares = tf.constant(Shape.of(frames, 1, places), DataBuffers.of(alike));
        int[] otherOrder = {2, 1, 0};
        for (int i = config.depth() - 1; i >= 0; i--) {
            Operand<TFloat32> overTime = amongFrames.get(VitTrace.temporalBlock(i));
            if (overTime != null) {
                Operand<TFloat32> byPlace = tf.linalg.transpose(shares, tf.constant(otherOrder));
                shares = tf.linalg.transpose(carriedBack(byPlace, overTime), tf.constant(otherOrder));
            }
            shares = carriedBack(shares, amongPlaces.get(VitTrace.block(i)));
        }
        return shares;
    }

    private Operand<TFloat32> carriedBack(Operand<TFloat32> shares, Operand<TFloat32> weights) {
        Operand<TFloat32> ofHeads = tf.math.mean(weights, tf.constant(1));
        Operand<TFloat32> attended = MatrixProduct.of(tf, Precision.SINGLE, shares, ofHeads);
        return tf.math.mul(tf.math.add(shares, attended), tf.constant(0.5f));
    }

    private float[] fetched(float[] sample, Operand<TFloat32> tensor) {
        return model.run(sample, Map.of(), List.of(tensor)).get(0);
    }

    @Override
    public List<String> absences() {
        List<String> absences = new ArrayList<>(
                List.of("Gates, kernels, terms and states by step: a vision transformer has no recurrence."));
        if (!isVideo()) {
            absences.add("Attention among frames: all frames of a still image are the same.");
        }
        return absences;
    }

    @Override
    public void close() {
        byFrame.close();
    }
}
