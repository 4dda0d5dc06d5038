package io.portolan.cli.report;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.graphs.attribution.Plane;
import io.portolan.graphs.attribution.SpatialKernel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The kernels of a cell as arrays, by the names that {@code docs/explain.md} lists. */
public final class KernelArrays {
    private KernelArrays() {}

    /**
     * The arrays of each kernel: the kernel by channel (C, s, s), its spectrum, the spectrum as applied, and its footprints (4, H, W).
     *
     * @param cell the path of the cell, such as {@code cssm_0}
     */
    public static Map<String, ArrayData> of(String cell, List<SpatialKernel> kernels) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        for (SpatialKernel kernel : kernels) {
            String name = cell + "/kernels/" + kernel.name();
            arrays.put(name, stacked(kernel.channels()));
            arrays.put(name + "/magnitude", stacked(List.of(kernel.magnitude())));
            arrays.put(name + "/applied", stacked(List.of(kernel.squashed())));
            arrays.put(
                    name + "/footprints",
                    stacked(List.copyOf(kernel.footprints().values())));
        }
        return arrays;
    }

    /** Planes of one size, {@code (planes, height, width)}. */
    static ArrayData stacked(List<Plane> planes) {
        return ArrayData.ofFloats(shape(planes), Plane.joined(planes));
    }

    /** The shape of planes of one size. */
    static long[] shape(List<Plane> planes) {
        return new long[] {planes.size(), planes.get(0).height(), planes.get(0).width()};
    }
}
