package io.portolan.graphs.config;

import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.values.ArrayData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the arrays of a SimpleCSSM, and of its first cell, show of the options that it was made with. */
final class Traces {
    private static final String CELL = "cssm_0/";

    private Traces() {}

    static Evidence stemMode(ParameterTree tree) {
        return shape(tree, "conv1/kernel")
                .map(kernel -> Evidence.of(kernel[0] == 1 ? "pathtracker" : "default"))
                .orElse(Evidence.NONE);
    }

    /** Without effect on the pathtracker's stem, which has one convolution. */
    static Evidence stemLayers(ParameterTree tree) {
        return stemMode(tree).fits().test("pathtracker") && tree.contains("conv1/kernel")
                ? Evidence.NONE
                : Evidence.of(numbered(tree, "conv", 1));
    }

    /** Before the first convolution there are three colours to normalise. */
    static Evidence stemNormOrder(ParameterTree tree) {
        Optional<long[]> scale = shape(tree, "norm1/scale");
        Optional<long[]> kernel = shape(tree, "conv1/kernel");
        return scale.isEmpty() || kernel.isEmpty() || kernel.get()[2] == kernel.get()[3]
                ? Evidence.NONE
                : Evidence.of(scale.get()[0] == kernel.get()[2] ? "pre" : "post");
    }

    static Evidence registerTokens(ParameterTree tree) {
        return Evidence.of(
                shape(tree, "register_tokens").map(tokens -> tokens[1]).orElse(0L));
    }

    static Evidence betweenCells(ParameterTree tree) {
        return tree.contains("cssm_1") ? Evidence.of(tree.contains("body_norm_0") ? "norm" : "none") : Evidence.NONE;
    }

    static Evidence interMlpRatio(ParameterTree tree) {
        if (!tree.contains("cssm_1")) {
            return Evidence.NONE;
        }
        return shape(tree, "mlp_0_up/kernel")
                .map(kernel -> Evidence.ofWidth(kernel[1], kernel[0]))
                .orElse(Evidence.ofWidth(0, 1));
    }

    static Evidence timeTable(ParameterTree tree) {
        return shape(tree, "temporal_embed").map(table -> Evidence.of(table[0])).orElse(Evidence.NONE);
    }

    /**
     * By a gate of each kind: one in front of the transform or behind it, and a decay or coupling. A convolution of 5×5 leaves two
     * forms, as do equal numbers of channels and frequencies.
     */
    static Evidence gateType(ParameterTree tree) {
        List<GateType> forms = new ArrayList<>();
        for (GateType form : GateType.values()) {
            if (gatesFit(tree, form)) {
                forms.add(form);
            }
        }
        return forms.isEmpty()
                ? Evidence.NONE
                : Evidence.oneOf(forms.stream().map(Choice::label).toList());
    }

    private static boolean gatesFit(ParameterTree tree, GateType form) {
        return switch (form) {
            case FACTORED -> hasGate(tree, "_h/bias");
            case LOW_RANK -> hasGate(tree, "_down/bias");
            case DENSE -> hasWideGate(tree, inner()) && !hasConvolvedGate(tree, 1) && !hasConvolvedGate(tree, 5);
            case SCALAR -> widthsOf(tree, inner()).anyMatch(width -> width == 1);
            case CHANNEL ->
                hasConvolvedGate(tree, 1) && widthsOf(tree, inner()).anyMatch(width -> width <= channels(tree));
            case DENSE_DECAY -> hasConvolvedGate(tree, 1) && hasWideGate(tree, inner());
            case DENSE_IO ->
                widthsOf(tree, inner()).anyMatch(width -> width == channels(tree))
                        && !hasConvolvedGate(tree, 1)
                        && hasWideGate(tree, outer());
            case CONV, SPECTRAL_CONV -> hasConvolvedGate(tree, 5);
        };
    }

    /** Decays, couplings and step sizes. */
    private static List<String> inner() {
        return List.of("delta_proj", "d_V", "d_X", "alpha");
    }

    /** Gates of inputs and outputs. */
    private static List<String> outer() {
        return List.of("B_proj", "C_gate", "B_k", "B_X", "B_V");
    }

    private static boolean hasWideGate(ParameterTree tree, List<String> gates) {
        return widthsOf(tree, gates).anyMatch(width -> width > 1);
    }

    private static Stream<Long> widthsOf(ParameterTree tree, List<String> gates) {
        return gates.stream()
                .flatMap(gate -> shape(tree, CELL + gate + "/kernel").stream())
                .filter(kernel -> kernel.length == 2)
                .map(kernel -> kernel[1]);
    }

    private static boolean hasConvolvedGate(ParameterTree tree, long side) {
        return Stream.concat(inner().stream(), outer().stream())
                .flatMap(gate -> shape(tree, CELL + gate + "/kernel").stream())
                .anyMatch(kernel -> kernel.length == 4 && kernel[0] == side);
    }

    private static boolean hasGate(ParameterTree tree, String suffix) {
        return Stream.concat(inner().stream(), outer().stream()).anyMatch(gate -> tree.contains(CELL + gate + suffix));
    }

    /** A flag whose array of the cell is there. */
    static Evidence flagged(ParameterTree tree, String array) {
        return Evidence.of(hasCellArray(tree, array));
    }

    /** A flag whose array of the cell is left out. */
    static Evidence missing(ParameterTree tree, String array) {
        return Evidence.of(!hasCellArray(tree, array));
    }

    private static boolean hasCellArray(ParameterTree tree, String array) {
        return tree.contains(CELL + array)
                || GateType.partsOf(array).stream().anyMatch(part -> tree.contains(CELL + part));
    }

    /** The states that the output projection joins. */
    static Evidence transformerReadout(ParameterTree tree) {
        boolean withoutK = !hasCellArray(tree, "decay_K");
        if (withoutK) {
            return Evidence.NONE;
        }
        return shape(tree, CELL + "output_proj/kernel")
                .map(kernel ->
                        kernel[0] == 3 * kernel[1] ? Evidence.of("qka") : Evidence.oneOf(List.of("qk", "qa", "ka")))
                .orElse(Evidence.oneOf(List.of("q", "k", "a")));
    }

    static Evidence shortConv(ParameterTree tree) {
        long size = Stream.of("short_conv_temporal", "short_conv_q", "short_conv")
                .flatMap(name -> shape(tree, CELL + name + "/kernel").stream())
                .map(kernel -> kernel[0])
                .findFirst()
                .orElse(0L);
        return Evidence.of(size);
    }

    static Evidence shortConvSpatial(ParameterTree tree) {
        return Evidence.of(shape(tree, CELL + "short_conv_spatial/kernel")
                .map(kernel -> kernel[0])
                .orElse(0L));
    }

    /** Channels for each head: there is one kernel for each head, or else one decay. */
    static Evidence keyDim(ParameterTree tree) {
        return Stream.of("kernel", "alpha/bias")
                .flatMap(name -> shape(tree, CELL + name).stream())
                .findFirst()
                .filter(heads -> heads[0] > 0)
                .map(heads -> Evidence.of(channels(tree) / heads[0]))
                .orElse(Evidence.NONE);
    }

    static Evidence qkvConv(ParameterTree tree) {
        return shape(tree, CELL + "qkv_dw/kernel")
                .or(() -> shape(tree, CELL + "qkv_proj/kernel").filter(kernel -> kernel.length == 4))
                .map(kernel -> Evidence.of(kernel[0]))
                .orElse(Evidence.oneOf(List.of(1, 0)));
    }

    static Evidence qkvSeparable(ParameterTree tree) {
        if (tree.contains(CELL + "qkv_dw")) {
            return Evidence.of(true);
        }
        return shape(tree, CELL + "qkv_proj/kernel")
                .filter(kernel -> kernel.length == 4)
                .map(kernel -> Evidence.of(false))
                .orElse(Evidence.NONE);
    }

    static Evidence crossFrequency(ParameterTree tree) {
        return Evidence.of(shape(tree, CELL + "cross_freq_re/kernel")
                .map(kernel -> kernel[0])
                .orElse(0L));
    }

    static Evidence outputNorm(ParameterTree tree) {
        return Evidence.of(
                tree.contains(CELL + "rms_scale")
                        ? "rms"
                        : tree.contains(CELL + "output_layernorm") ? "layer" : "none");
    }

    static Evidence mlpRatio(ParameterTree tree) {
        return shape(tree, CELL + "mlp_fc1/kernel")
                .map(kernel -> Evidence.ofWidth(kernel[1], kernel[0]))
                .orElse(Evidence.NONE);
    }

    static Evidence expandFactor(ParameterTree tree) {
        return shape(tree, CELL + "out_proj/kernel")
                .map(kernel -> Evidence.of(kernel[0] / kernel[1]))
                .orElse(Evidence.NONE);
    }

    /** Half of the states of the diagonal form are stored, for they come in conjugate pairs; so are those of the full one. */
    static Evidence s4ndStates(ParameterTree tree) {
        return shape(tree, CELL + "kH/Lambda_log")
                .map(states -> Evidence.of(2 * states[0]))
                .orElse(Evidence.NONE);
    }

    /** An axis of an array of the cell. */
    static Evidence side(ParameterTree tree, String array, int axis) {
        return shape(tree, CELL + array)
                .filter(shape -> shape.length > axis)
                .map(shape -> Evidence.of(shape[axis]))
                .orElse(Evidence.NONE);
    }

    /** How many arrays {@code name1, name2, …} there are, counting from a number. */
    static int numbered(ParameterTree tree, String name, int from) {
        int count = 0;
        while (tree.contains(name + (from + count))) {
            count++;
        }
        return count;
    }

    private static long channels(ParameterTree tree) {
        return shape(tree, "conv1/bias").map(bias -> bias[0]).orElse(0L);
    }

    private static Optional<long[]> shape(ParameterTree tree, String path) {
        return tree.find(path).filter(array -> array.rank() > 0).map(ArrayData::shape);
    }
}
