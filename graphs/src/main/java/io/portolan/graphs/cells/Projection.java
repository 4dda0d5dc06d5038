package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Equal parts of a Dense layer of a cell's input with its positions: as spectra, which a plan may compute with fewer
 * transforms, or as maps for what acts in space.
 */
final class Projection {
    private final CellBuilder in;
    private final String name;
    private final FeatureSequence x;
    private final int parts;
    private List<Operand<TFloat32>> maps;
    private List<ComplexTensor> spectra;

    Projection(CellBuilder in, String name, FeatureSequence x, int parts) {
        this.in = in;
        this.name = name;
        this.x = x;
        this.parts = parts;
    }

    /** {@code (B, T or 1, H, W, C)} */
    Operand<TFloat32> map(int part) {
        if (maps == null) {
            maps = in.split(
                    in.dense(name, in.rotated(x), (long) parts * in.map().channels()), parts);
        }
        return maps.get(part);
    }

    /** {@code (B, T or 1, C, H, F)} */
    ComplexTensor spectrum(int part) {
        return spectra().get(part);
    }

    List<ComplexTensor> spectra() {
        if (spectra == null) {
            spectra = in.plan().projectedSpectra(name, x, parts);
        }
        return spectra;
    }
}
