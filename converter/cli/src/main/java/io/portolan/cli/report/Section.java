package io.portolan.cli.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A section of the report.
 *
 * @param id for links and file names
 */
record Section(String id, String title, List<Block> blocks) {

    /** All figures, including those in groups, in order. */
    List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        collect(blocks, figures);
        return figures;
    }

    private static void collect(List<Block> blocks, List<Figure> figures) {
        for (Block block : blocks) {
            block.figure().ifPresent(figures::add);
            block.group().ifPresent(group -> collect(group.blocks(), figures));
        }
    }
}
