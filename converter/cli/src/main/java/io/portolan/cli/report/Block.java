package io.portolan.cli.report;

import io.portolan.checkpoints.values.VisibleText;
import java.util.List;
import java.util.Optional;

/** A block of a section: exactly one of the four is present. */
record Block(Optional<String> text, Optional<Table> table, Optional<Figure> figure, Optional<Group> group) {

    /**
     * @param header empty for none
     * @param rows cells of plain text or of markup
     */
    record Table(List<String> header, List<List<Cell>> rows) {}

    /** @param html markup */
    record Cell(String html, boolean number) {}

    /** Collapsible blocks. */
    record Group(String title, boolean open, List<Block> blocks) {}

    static Block text(String text) {
        return new Block(Optional.of(text), Optional.empty(), Optional.empty(), Optional.empty());
    }

    static Block table(List<String> header, List<List<Cell>> rows) {
        return new Block(Optional.empty(), Optional.of(new Table(header, rows)), Optional.empty(), Optional.empty());
    }

    static Block figure(Figure figure) {
        return new Block(Optional.empty(), Optional.empty(), Optional.of(figure), Optional.empty());
    }

    static Block group(String title, boolean open, List<Block> blocks) {
        return new Block(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(new Group(title, open, blocks)));
    }

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
