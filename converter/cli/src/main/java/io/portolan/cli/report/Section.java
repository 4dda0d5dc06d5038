package io.portolan.cli.report;

import java.util.List;

/**
 * A section of the report.
 *
 * @param id for links and file names
 * @param blocks none if there is nothing to show
 */
record Section(String id, String title, List<Block> blocks) {

    /** All figures, including those in groups, in order. */
    List<Figure> figures() {
        return blocks.stream().flatMap(block -> block.figures().stream()).toList();
    }
}
