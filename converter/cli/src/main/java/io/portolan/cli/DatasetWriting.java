package io.portolan.cli;

import io.portolan.checkpoints.files.StagedFiles;
import io.portolan.graphs.data.DatasetFormat;
import io.portolan.graphs.data.DatasetSplits;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/** Writes a data set with a progress bar and a final message. */
record DatasetWriting(DatasetSplits data, DatasetFormat format, Path output) {
    void run(String task, boolean force, PrintWriter out) throws IOException {
        long start = System.nanoTime();
        int samples = data.all().size();
        try (StagedFiles target = DatasetOutput.at(output, force)) {
            try (Progress progress = Progress.of(task, samples)) {
                format.write(data, target.path(), progress::step);
            }
            target.publish();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        out.println(Tables.format(
                "wrote %,d images of %dx%d to %s as %s in %.1f s",
                samples, data.all().input().height(), data.all().input().width(), output, format.label(), seconds));
    }
}
