package io.portolan.cli;

import io.portolan.checkpoints.values.VisibleText;
import java.io.PrintWriter;

/**
 * Where commands print: the one door that everything shown passes, and where it is escaped. A text is a line, whatever breaks
 * a name in it has; only {@link Lines} are several.
 */
final class Terminal extends PrintWriter {
    /** Characters of a line; those of commands are far shorter unless a name or message in them is out of bounds. */
    static final int LONGEST_LINE = 4000;

    Terminal(PrintWriter out) {
        super(out, true);
    }

    @Override
    public void println(String line) {
        super.println(VisibleText.line(line, LONGEST_LINE));
    }

    @Override
    public void println(Object value) {
        if (value instanceof Lines lines) {
            super.println(VisibleText.lines(lines.text()));
        } else {
            println(String.valueOf(value));
        }
    }
}
