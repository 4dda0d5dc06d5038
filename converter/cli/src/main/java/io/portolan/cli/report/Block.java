package io.portolan.cli.report;

import io.portolan.checkpoints.values.VisibleText;
import java.util.List;

/** A block of a section. */
sealed interface Block {
    /** Its markup. */
    String html();

    /** Its figures, in order, with those of nested blocks. */
    default List<Figure> figures() {
        return List.of();
    }

    /** A paragraph. */
    record Text(String text) implements Block {
        @Override
        public String html() {
            return Templates.render("text", this);
        }
    }

    /**
     * Cells in rows.
     *
     * @param header empty for none
     * @param rows cells of plain text or of markup
     */
    record Table(List<String> header, List<List<Cell>> rows) implements Block {
        @Override
        public String html() {
            return Templates.render("table", this);
        }
    }

    /** A figure with its caption. */
    record Illustration(Figure figure) implements Block {
        @Override
        public String html() {
            return Templates.render("figure", figure);
        }

        @Override
        public List<Figure> figures() {
            return List.of(figure);
        }
    }

    /** Collapsible blocks. */
    record Group(String title, boolean open, List<Block> blocks) implements Block {
        @Override
        public String html() {
            return Templates.render("group", this);
        }

        @Override
        public List<Figure> figures() {
            return blocks.stream().flatMap(block -> block.figures().stream()).toList();
        }
    }

    /** @param html markup */
    record Cell(String html, boolean number) {}

    static Cell words(String text) {
        return new Cell(VisibleText.lines(text).replace("&", "&amp;").replace("<", "&lt;"), false);
    }

    static Cell number(String text) {
        return new Cell(text, true);
    }

    static Cell markup(String html) {
        return new Cell(html, false);
    }
}
