package io.portolan.graphs.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.graphs.data.Batch;
import io.portolan.graphs.data.BatchOptions;
import io.portolan.graphs.data.BatchPipeline;
import io.portolan.graphs.data.BatchStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A step frees all memory that it allocates outside of Java's heap. */
@Tag("slow")
@EnabledOnOs(value = OS.LINUX, disabledReason = "the resident size is read from /proc")
class NativeMemoryTest {
    private static final int WARM_UP = 500;
    private static final int STEPS = 2000;

    /** The images of all steps are 75 MB, so leaking even one tensor per step would exceed this. */
    private static final long ALLOWED = 24 << 20;

    @Test
    void twoThousandStepsDoNotGrowTheProcess() throws IOException {
        try (TrainingSession session = TinyRun.session();
                BatchStream batches = new BatchPipeline(TinyRun.pictures(1, 4), BatchOptions.evaluation(4)).epoch(0)) {
            Batch batch = batches.next();
            run(session, batch, WARM_UP);
            long before = residentBytes();
            run(session, batch, STEPS);
            assertThat(residentBytes() - before).isLessThan(ALLOWED);
        }
    }

    private static void run(TrainingSession session, Batch batch, int steps) {
        for (int i = 0; i < steps; i++) {
            session.step(batch.images(), batch.labels());
            if (i % 10 == 0) {
                session.logits(batch.images());
                session.state();
            }
        }
    }

    private static long residentBytes() throws IOException {
        System.gc();
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(entry -> entry.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
    }
}
