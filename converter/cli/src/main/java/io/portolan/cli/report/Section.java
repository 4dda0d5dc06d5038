package io.portolan.cli.report;

import java.util.List;

/**
 * A part of the report.
 *
 * @param id for links and file names
 */
record Section(String id, String title, List<Block> blocks) {

    /** All figures, those in groups too, in order. */
    List<Figure> figures() {
        return blocks.stream().flatMap(block -> block.figures().stream()).toList();
    }
}
