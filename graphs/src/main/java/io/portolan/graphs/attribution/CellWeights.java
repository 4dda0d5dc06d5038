package io.portolan.graphs.attribution;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.graphs.cells.Cell;
import io.portolan.graphs.cells.Notation;
import io.portolan.graphs.config.ConfigException;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.config.SimpleCssmConfig;
import io.portolan.graphs.layers.WeightsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the weights of a cell say without an image: its gates, its kernels and the bounds of its transition matrix. It is
 * plain arithmetic, and TensorFlow is not loaded.
 */
public final class CellWeights {
    private static final List<Integer> FOOTPRINTS = List.of(1, 2, 4, 8);

    private final Checkpoint checkpoint;
    private final SimpleCssmConfig config;
    private final String path;
    private final Cell cell;
    private Map<String, GateSummary> gates;
    private List<SpatialKernel> kernels;

    /** @param path of the cell, such as {@code cssm_0} */
    CellWeights(Checkpoint checkpoint, SimpleCssmConfig config, String path) {
        this.checkpoint = checkpoint;
        this.config = config;
        this.cell = Cell.of(config.cell(), config.options());
        this.path = path;
    }

    /**
     * All cells of a model, in order.
     *
     * @throws ConfigException if the model has no cells with gates or kernels to show
     */
    public static List<CellWeights> of(Checkpoint checkpoint, ModelConfig config) {
        if (!(config instanceof SimpleCssmConfig simple)) {
            throw new ConfigException("a model of the architecture '"
                    + config.architecture().label() + "' has no cells of gates and kernels to show");
        }
        List<CellWeights> cells = IntStream.range(0, simple.depth())
                .mapToObj(i -> new CellWeights(checkpoint, simple, "cssm_" + i))
                .toList();
        if (cells.get(0).notation().isEmpty()) {
            throw new ConfigException(
                    "the cell '" + simple.cell().label() + "' has no gates and kernels at spatial frequencies to show");
        }
        return cells;
    }

    /** The cell's path, such as {@code cssm_0}. */
    public String path() {
        return path;
    }

    /** The symbols of the cell's equations. */
    public Notation notation() {
        return cell.notation();
    }

    /** The gates of one layer, by their names in the checkpoint; other forms of gates have no such summary. */
    public Map<String, GateSummary> gates() {
        if (gates == null) {
            Map<String, GateSummary> summaries = new LinkedHashMap<>();
            notation().gates().forEach((gate, symbol) -> {
                if (checkpoint.parameters().contains(path + "/" + gate + "/kernel")) {
                    summaries.put(gate, GateSummary.of(symbol, meanWeight(gate), cell.range(gate)));
                }
            });
            gates = Collections.unmodifiableMap(summaries);
        }
        return gates;
    }

    /** The mean of a gate's kernel plus that of its bias. */
    double meanWeight(String gate) {
        return mean(gate + "/kernel") + mean(gate + "/bias");
    }

    /**
     * The spatial kernels.
     *
     * @throws WeightsException if one is missing or is not {@code (C, s, s)}, or a plane for each of fewer heads
     */
    public List<SpatialKernel> kernels() {
        if (kernels == null) {
            kernels = notation().kernels().keySet().stream().map(this::kernel).toList();
        }
        return kernels;
    }

    private SpatialKernel kernel(String name) {
        ArrayData array = array(name);
        long side = config.kernelSize();
        long[] shape = array.shape();
        if (shape.length != 3 || shape[0] < 1 || shape[0] > config.channels() || shape[1] != side || shape[2] != side) {
            throw new WeightsException("array '" + path + "/" + name + "' is " + array + "; expected ("
                    + config.channels() + ", " + side + ", " + side + ")");
        }
        int height = config.mapHeight();
        int width = config.mapWidth();
        List<Plane> channels = Plane.split(array.toFloats(), config.kernelSize(), config.kernelSize());
        Mean magnitude = new Mean(height, HalfSpectrum.columns(width));
        Mean squashed = new Mean(height, HalfSpectrum.columns(width));
        Map<Integer, Mean> footprints = new LinkedHashMap<>();
        FOOTPRINTS.forEach(steps -> footprints.put(steps, new Mean(height, width)));
        double largest = 0;
        for (Plane channel : channels) {
            HalfSpectrum raw = HalfSpectrum.ofKernel(channel, height, width);
            HalfSpectrum applied = cell.squashesKernels() ? raw.squashed() : raw;
            magnitude.add(raw.magnitude());
            squashed.add(applied.magnitude());
            largest = Math.max(largest, Arrays.stream(applied.magnitude()).max().orElse(0));
            HalfSpectrum power = applied;
            for (int steps : FOOTPRINTS) {
                power = steps == 1 ? applied : power.times(power);
                footprints.get(steps).add(power.inverse());
            }
        }
        Map<Integer, Plane> spread = new LinkedHashMap<>();
        footprints.forEach((steps, mean) -> spread.put(steps, mean.plane()));
        return new SpatialKernel(name, channels, magnitude.plane(), squashed.plane(), largest, spread);
    }

    /** The transition matrix, row by row. */
    public List<List<TransitionEntry>> transition() {
        List<List<TransitionEntry>> rows = new ArrayList<>();
        for (List<String> row : notation().transition()) {
            rows.add(row.stream().map(this::entry).toList());
        }
        return rows;
    }

    private TransitionEntry entry(String symbols) {
        return notation()
                .factors(symbols)
                .filter(factors -> factors.stream()
                        .allMatch(factor -> notation().kernels().containsKey(factor.name())
                                || gates().containsKey(factor.name())
                                || factor.kind() == Notation.Kind.ZERO))
                .map(factors -> factors.stream()
                        .map(this::bounds)
                        .reduce(TransitionEntry.Bounds.ONE, TransitionEntry.Bounds::times))
                .map(bounds -> new TransitionEntry(symbols, Optional.of(bounds)))
                .orElseGet(() -> new TransitionEntry(symbols, Optional.empty()));
    }

    private TransitionEntry.Bounds bounds(Notation.Factor factor) {
        return switch (factor.kind()) {
            case ZERO -> new TransitionEntry.Bounds(0, 0, 0);
            case KERNEL -> {
                SpatialKernel kernel = kernels().stream()
                        .filter(one -> one.name().equals(factor.name()))
                        .findFirst()
                        .orElseThrow();
                yield new TransitionEntry.Bounds(0, kernel.squashed().mean(), kernel.largestApplied());
            }
            case GATE -> {
                GateSummary gate = gates().get(factor.name());
                yield new TransitionEntry.Bounds(
                        gate.range().low(), gate.value(), gate.range().high());
            }
            case DAMPING -> {
                GateSummary gate = gates().get(factor.name());
                yield new TransitionEntry.Bounds(
                        Math.exp(-gate.range().high()),
                        Math.exp(-gate.value()),
                        Math.exp(-gate.range().low()));
            }
        };
    }

    private double mean(String array) {
        float[] values = array(array).toFloats();
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private ArrayData array(String name) {
        String full = path + "/" + name;
        return checkpoint
                .parameters()
                .find(full)
                .orElseThrow(() -> new WeightsException("the checkpoint has no array '" + full + "'"));
    }

    /** The mean of the magnitudes of planes that are added one by one. */
    private static final class Mean {
        private final int height;
        private final int width;
        private final double[] sums;
        private int count;

        Mean(int height, int width) {
            this.height = height;
            this.width = width;
            this.sums = new double[height * width];
        }

        void add(double[] values) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += Math.abs(values[i]);
            }
            count++;
        }

        Plane plane() {
            float[] means = new float[sums.length];
            for (int i = 0; i < means.length; i++) {
                means[i] = (float) (sums[i] / count);
            }
            return new Plane(height, width, means);
        }
    }
}
