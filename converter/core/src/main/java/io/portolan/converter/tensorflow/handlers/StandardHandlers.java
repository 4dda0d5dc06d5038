package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.tensorflow.HandlerRegistry;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The definitions of all supported TensorFlow ops, by family. */
public final class StandardHandlers {
    private static final Map<String, List<OpDefinition>> FAMILIES = new LinkedHashMap<>();

    static {
        FAMILIES.put("Arrays and shapes", ArrayHandlers.OPS);
        FAMILIES.put("Constants and sequences", FillHandlers.OPS);
        FAMILIES.put("Joining and splitting", JoiningHandlers.OPS);
        FAMILIES.put("Slicing", SlicingHandlers.OPS);
        FAMILIES.put("Padding", PaddingHandlers.OPS);
        FAMILIES.put("Rearranging", RearrangingHandlers.OPS);
        FAMILIES.put("Diagonals", DiagonalHandlers.OPS);
        FAMILIES.put("Functions of one tensor", UnaryHandlers.OPS);
        FAMILIES.put("Arithmetic", ArithmeticHandlers.OPS);
        FAMILIES.put("Comparisons, logic and bits", LogicHandlers.OPS);
        FAMILIES.put("Reductions", ReductionHandlers.OPS);
        FAMILIES.put("Cumulative", CumulativeHandlers.OPS);
        FAMILIES.put("Order and rank", RankingHandlers.OPS);
        FAMILIES.put("Products", MatrixHandlers.OPS);
        FAMILIES.put("Linear algebra", LinearAlgebraHandlers.OPS);
        FAMILIES.put("Convolutions and pools", ConvolutionHandlers.OPS);
        FAMILIES.put("Normalisation and losses", NormalizationHandlers.OPS);
        FAMILIES.put("Windows", PatchHandlers.OPS);
        FAMILIES.put("Gradients", GradientHandlers.OPS);
        FAMILIES.put("Gradients of windows and normalisation", WindowGradientHandlers.OPS);
        FAMILIES.put("Images", ResizeHandlers.OPS);
        FAMILIES.put("Resampled images", ResamplingHandlers.OPS);
        FAMILIES.put("Sampled images", SamplingHandlers.OPS);
        FAMILIES.put("Colours", ColourHandlers.OPS);
        FAMILIES.put("Detection", DetectionHandlers.OPS);
        FAMILIES.put("Recurrent cells", RecurrentHandlers.OPS);
        FAMILIES.put("Quantisation", QuantizationHandlers.OPS);
        FAMILIES.put("Indices", IndexHandlers.OPS);
        FAMILIES.put("Segments", SegmentHandlers.OPS);
        FAMILIES.put("Counts", CountingHandlers.OPS);
        FAMILIES.put("Sparse tensors", SparseHandlers.OPS);
        FAMILIES.put("Texts", TextHandlers.OPS);
        FAMILIES.put("Lookup tables", TableHandlers.OPS);
        FAMILIES.put("Lists", ListHandlers.OPS);
        FAMILIES.put("Ragged tensors", RaggedHandlers.OPS);
        FAMILIES.put("Complex numbers and types", ComplexHandlers.OPS);
        FAMILIES.put("Fourier transforms", FourierHandlers.OPS);
        FAMILIES.put("Fourier transforms along any axes", FourierAxesHandlers.OPS);
        FAMILIES.put("Fused ops", FusedHandlers.OPS);
        FAMILIES.put("JAX programs", ProgramHandlers.OPS);
    }

    private static final HandlerRegistry REGISTRY = HandlerRegistry.of(FAMILIES.values());

    private StandardHandlers() {}

    public static HandlerRegistry registry() {
        return REGISTRY;
    }

    /** The definitions by family, in the order in which documentation lists them. */
    public static Map<String, List<OpDefinition>> families() {
        return Collections.unmodifiableMap(FAMILIES);
    }
}
