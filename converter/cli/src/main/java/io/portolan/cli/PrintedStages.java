package io.portolan.cli;

import io.portolan.converter.Stages;
import java.io.PrintWriter;

/** Prints the stages of a long job, one line each as soon as it ends. */
final class PrintedStages {
    private PrintedStages() {}

    /**
     * @param nameWidth columns for the names of stages
     */
    static Stages to(PrintWriter out, int nameWidth) {
        return new Stages(stage -> {
            out.println(Tables.format(
                    "  %-" + nameWidth + "s %6.2f s  %s",
                    stage.name(),
                    stage.time().toMillis() / 1e3,
                    stage.detail()));
            out.flush();
        });
    }
}
