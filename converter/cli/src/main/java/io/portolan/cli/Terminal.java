package io.portolan.cli;

import io.portolan.checkpoints.values.VisibleText;
import java.io.PrintWriter;

/**
 * The output of commands: all output passes through here and is escaped. A text is printed as one line, even if a name in it contains
 * line breaks; only {@link Lines} are printed as several.
 */
final class Terminal extends PrintWriter {
    /** Maximum number of characters of a line; regular lines are far shorter unless they contain an excessive name or message. */
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
