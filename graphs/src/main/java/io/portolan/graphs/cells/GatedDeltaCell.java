package io.portolan.graphs.cells;

import static io.portolan.graphs.config.ModelOption.CROSS_FREQ_CONV_SIZE;
import static io.portolan.graphs.config.ModelOption.DELTA_KEY_DIM;
import static io.portolan.graphs.config.ModelOption.NO_SPECTRAL_CLAMP;
import static io.portolan.graphs.config.ModelOption.OUTPUT_GATE_ACT;
import static io.portolan.graphs.config.ModelOption.OUTPUT_NORM;
import static io.portolan.graphs.config.ModelOption.QKV_CONV_SEPARABLE;
import static io.portolan.graphs.config.ModelOption.QKV_CONV_SIZE;
import static io.portolan.graphs.config.ModelOption.SHORT_CONV_SIZE;
import static io.portolan.graphs.config.ModelOption.USE_INPUT_GATES;
import static io.portolan.graphs.config.ModelOption.USE_SPECTRAL_L2_NORM;

import io.portolan.graphs.config.Options;
import io.portolan.graphs.layers.Normalization;
import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Gated DeltaNet at every frequency ({@code docs/model.md}, section 2.11), for n heads of d channels:
 *
 * <pre>
 *     q, k, v = silu(conv_t(D(x)))      k ← k ⊙ G_k      v ← v ⊙ G_v      g = silu(D(x))
 *     q̂, k̂ ← each channel of length 1 over all frequencies;   k̂ ← of length 1 over a head at each frequency
 *     S ← α·K̂·(S − β·(S k̄)kᵀ) + β·v k̄ᵀ      o = S q      ({@link RankOneSystem})
 *     y = D(rms(irfft2(o)) ⊙ g)
 * </pre>
 */
final class GatedDeltaCell implements Cell {
    private final Options options;
    private final Optional<IntegratedAttention> attention;

    GatedDeltaCell(Options options) {
        this(options, Optional.empty());
    }

    /** @param attention what the normed output is weighted by before its gate */
    GatedDeltaCell(Options options, IntegratedAttention attention) {
        this(options, Optional.of(attention));
    }

    private GatedDeltaCell(Options options, Optional<IntegratedAttention> attention) {
        this.options = options;
        this.attention = attention;
    }

    @Override
    public Notation notation() {
        List<String> rule = List.of("α·K̂·(1 − β·k̄kᵀ)", "0");
        return new Notation(
                attention.isPresent() ? List.of("S", "e") : List.of("S"),
                attention
                        .map(by -> List.of(rule, List.of("0", by.transition())))
                        .orElse(List.of(rule.subList(0, 1))),
                Notation.symbols("kernel", "K̂"),
                Notation.joined(
                        options.flag(USE_INPUT_GATES) ? Notation.symbols("B_k", "G_k", "B_v", "G_v") : Map.of(),
                        Notation.symbols("alpha", "α", "beta", "β")));
    }

    @Override
    public GateRange range(String gate) {
        return gate.equals("alpha") ? GateRange.DECAY : GateRange.SHARE;
    }

    @Override
    public boolean squashesKernels() {
        return !options.flag(NO_SPECTRAL_CLAMP);
    }

    @Override
    public FeatureSequence apply(CellBuilder in, FeatureSequence sequence) {
        int channels = in.map().channels();
        int heads = channels / in.dividingChannels(DELTA_KEY_DIM);
        boolean needsEveryStep = attention.isPresent();
        Projection qkv = projection(in, sequence);
        ShortConvolution ofQuery = overTime("short_conv_q");
        Operand<TFloat32> q = active(in, needsEveryStep ? qkv.planes(0, ofQuery) : qkv.readPlanes(0, ofQuery));
        Operand<TFloat32> k = active(in, qkv.planes(1, overTime("short_conv_k")));
        Operand<TFloat32> v = active(in, qkv.planes(2, overTime("short_conv_v")));
        Operand<TFloat32> context = in.meanAndTime(sequence);
        if (options.flag(USE_INPUT_GATES)) {
            k = in.times(k, in.gateOfPlanes("B_k", sequence, context));
            v = in.times(v, in.gateOfPlanes("B_v", sequence, context));
        }
        Gates gates = in.gates(context);
        RankOneSystem system = new RankOneSystem(
                squashesKernels()
                        ? in.kernels().spectrumOfHeads("kernel", heads)
                        : in.kernels().unsquashedOfHeads("kernel", heads),
                gates.decay("alpha", heads),
                gates.sigmoid("beta", heads),
                in.byHead(normed(in, in.fft().rfft2(q)), heads),
                in.normalised(in.byHead(normed(in, in.fft().rfft2(k)), heads)),
                in.byHead(in.fft().rfft2(v), heads));
        ComplexTensor o = needsEveryStep ? in.outputsOfEveryStep(system) : in.outputs(system);
        Operand<TFloat32> y = outputNorm(in, in.irfft2(acrossFrequencies(in, in.channels(o))));
        Operand<TFloat32> weighted = attention.map(by -> by.apply(in, y)).orElse(y);
        return in.sequence(in.dense("output_proj", in.times(weighted, outputGate(in, sequence)), channels));
    }

    private Projection projection(CellBuilder in, FeatureSequence x) {
        int size = options.count(QKV_CONV_SIZE);
        if (size <= 1) {
            return in.projection("qkv_proj", x, 3);
        }
        return options.flag(QKV_CONV_SEPARABLE)
                ? in.separable("qkv_dw", "qkv_proj", x, size, 3)
                : in.convolved("qkv_proj", x, size, 3);
    }

    private ShortConvolution overTime(String name) {
        return new ShortConvolution(name, options.count(SHORT_CONV_SIZE));
    }

    private Operand<TFloat32> active(CellBuilder in, Operand<TFloat32> planes) {
        return options.count(SHORT_CONV_SIZE) == 0 ? planes : in.silu(planes);
    }

    private ComplexTensor normed(CellBuilder in, ComplexTensor spectrum) {
        return options.flag(USE_SPECTRAL_L2_NORM) ? in.ofUnitLength(spectrum) : spectrum;
    }

    private Operand<TFloat32> outputGate(CellBuilder in, FeatureSequence x) {
        Operand<TFloat32> gate = in.projection("gate_proj", x, 1).readMap(0);
        return options.text(OUTPUT_GATE_ACT).equals("silu")
                ? in.silu(gate)
                : in.tf().math.sigmoid(gate);
    }

    /** A convolution of real and imaginary parts over columns of the half spectrum, the same for all channels and rows. */
    private ComplexTensor acrossFrequencies(CellBuilder in, ComplexTensor o) {
        int size = options.count(CROSS_FREQ_CONV_SIZE);
        return size == 0
                ? o
                : new ComplexTensor(
                        in.tf(),
                        in.alongColumns("cross_freq_re", o.real(), size),
                        in.alongColumns("cross_freq_im", o.imaginary(), size));
    }

    private Operand<TFloat32> outputNorm(CellBuilder in, Operand<TFloat32> y) {
        int channels = in.map().channels();
        return switch (options.text(OUTPUT_NORM)) {
            case "rms" -> in.rms("rms_scale", y);
            case "layer" -> Normalization.layer(in.scope().in("output_layernorm"), y, channels);
            default -> y;
        };
    }
}
