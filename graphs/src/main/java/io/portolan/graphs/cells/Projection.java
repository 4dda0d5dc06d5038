package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Equal parts of a linear layer of a cell's input with its positions: as spectra, which a plan may compute with fewer
 * transforms, or as maps for what acts in space, which a plan may compute from one frame of a still image.
 */
final class Projection {
    private final CellBuilder in;
    private final Supplier<Operand<TFloat32>> layer;
    private final Function<Boolean, List<ComplexTensor>> transformed;
    private final Optional<StillProjection> still;
    private final int parts;
    private List<Operand<TFloat32>> maps;
    private List<ComplexTensor> spectra;

    /**
     * @param layer makes the layer's output, {@code (B, T or 1, H, W, parts·C)}
     * @param transformed makes the spectra of each part, of the last step alone if that is asked for
     * @param still the layer for an image that is the same at every step but for its positions
     */
    Projection(
            CellBuilder in,
            Supplier<Operand<TFloat32>> layer,
            Function<Boolean, List<ComplexTensor>> transformed,
            Optional<StillProjection> still,
            int parts) {
        this.in = in;
        this.layer = layer;
        this.transformed = transformed;
        this.still = still;
        this.parts = parts;
    }

    /** {@code (B, T or 1, H, W, C)} */
    Operand<TFloat32> map(int part) {
        if (maps == null) {
            maps = in.split(layer.get(), parts);
        }
        return maps.get(part);
    }

    /** The map at the steps that are read. */
    Operand<TFloat32> readMap(int part) {
        return still.map(of -> in.channelsLast(of.planes(part, ShortConvolution.NONE, in.readsLastStep())))
                .orElseGet(() -> in.read(map(part)));
    }

    /** A part behind a convolution over the steps so far, channels first: {@code (B, T or 1, C, H, W)}. */
    Operand<TFloat32> planes(int part, ShortConvolution overTime) {
        return still.map(of -> of.planes(part, overTime, false))
                .orElseGet(() -> in.channelsFirst(in.causal(overTime, map(part))));
    }

    /** Such planes at the steps that are read. */
    Operand<TFloat32> readPlanes(int part, ShortConvolution overTime) {
        return still.map(of -> of.planes(part, overTime, in.readsLastStep()))
                .orElseGet(() -> in.read(planes(part, overTime)));
    }

    /** A part behind a convolution over the map and one over the steps so far, channels first. */
    Operand<TFloat32> planes(int part, ShortConvolution overMap, ShortConvolution overTime) {
        if (overMap.isNone()) {
            return planes(part, overTime);
        }
        return in.channelsFirst(still.map(of -> of.maps(part, overMap, overTime))
                .orElseGet(() -> in.causal(overTime, in.depthwise(overMap.name(), map(part), overMap.size(), 1))));
    }

    /** {@code (B, T or 1, C, H, F)} */
    ComplexTensor spectrum(int part) {
        return spectra().get(part);
    }

    /** The spectrum at the steps that are read. */
    ComplexTensor readSpectrum(int part) {
        return in.readsLastStep() ? transformed.apply(true).get(part) : in.read(spectrum(part));
    }

    List<ComplexTensor> spectra() {
        if (spectra == null) {
            spectra = transformed.apply(false);
        }
        return spectra;
    }
}
