package io.portolan.cli.report;

import io.portolan.graphs.attribution.Filters;
import io.portolan.graphs.attribution.Plane;
import io.portolan.graphs.attribution.SpatialKernel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The section on spatial kernels, their squashed spectra, and their footprints. */
final class KernelSection {
    private static final String PIXELS = "positions on the map";

    private KernelSection() {}

    static Section of(Explanation explanation) {
        List<Block> blocks = new ArrayList<>();
        for (Explanation.Cell cell : explanation.cells()) {
            cell.filters().forEach(filters -> add(filters, blocks));
            for (SpatialKernel kernel : cell.kernels()) {
                add(
                        explanation.notation().kernels().get(kernel.name()),
                        cell.path() + "/" + kernel.name(),
                        kernel,
                        blocks);
            }
        }
        return new Section("kernels", "Kernels", blocks);
    }

    private static void add(Filters filters, List<Block> blocks) {
        blocks.add(new Block.Illustration(MapGrid.of(
                "Mean kernel, " + filters.path(),
                "The mean of the kernel over all pairs of channels.",
                PIXELS,
                "weight",
                Map.of("mean over pairs of channels", filters.mean()),
                Scale::symmetric)));
        Map<String, Plane> channels = new LinkedHashMap<>();
        for (int c = 0; c < filters.ofThemselves().size(); c++) {
            channels.put("channel " + c + " to itself", filters.ofThemselves().get(c));
        }
        blocks.add(new Block.Group(
                "Channels of " + filters.path() + " to themselves",
                false,
                List.of(new Block.Illustration(MapGrid.of(
                        "Every channel to itself, " + filters.path(),
                        "The kernel from every channel to itself.",
                        PIXELS,
                        "weight",
                        channels,
                        Scale::symmetric)))));
    }

    private static void add(String symbol, String path, SpatialKernel kernel, List<Block> blocks) {
        Map<String, Plane> channels = new LinkedHashMap<>();
        for (int c = 0; c < kernel.channels().size(); c++) {
            channels.put("channel " + c, kernel.channels().get(c));
        }
        blocks.add(new Block.Illustration(MapGrid.of(
                "Mean kernel, " + path,
                "The mean of the kernel over its channels.",
                PIXELS,
                "weight",
                Map.of("mean over channels", kernel.mean()),
                Scale::symmetric)));
        blocks.add(new Block.Group(
                "All channels of " + path,
                false,
                List.of(new Block.Illustration(MapGrid.of(
                        "Every channel, " + path,
                        "The kernel of every channel.",
                        PIXELS,
                        "weight",
                        channels,
                        Scale::symmetric)))));

        Map<String, Plane> spectra = new LinkedHashMap<>();
        spectra.put("before the squash", Spectra.centred(kernel.magnitude()));
        spectra.put("after it, |" + symbol + "|", Spectra.centred(kernel.squashed()));
        blocks.add(new Block.Illustration(MapGrid.eachForItself(
                "Spectra, " + path,
                "The mean magnitude of the kernel's spectrum before and after the squash.",
                Spectra.AXES,
                "magnitude, mean over channels",
                spectra)));

        Map<String, Plane> footprints = new LinkedHashMap<>();
        kernel.footprints().forEach((steps, plane) -> footprints.put(steps == 1 ? "1 step" : steps + " steps", plane));
        blocks.add(
                new Block.Text(
                        "The squash acts on each frequency separately, so the kernel that the cell applies is spread over"
                                + " the whole map, however small the original kernel is. It is not centred at the origin either: as in the reference,"
                                + " every application also shifts the content by half a map, so that an even number of steps shifts it back."));
        blocks.add(new Block.Illustration(MapGrid.eachForItself(
                "Effective footprint, " + path,
                "The response to one point in the corner of the map after 1, 2, 4 and 8 applications of the kernel.",
                PIXELS + ", from the point in the upper left corner",
                "magnitude, mean over channels",
                footprints)));
    }
}
