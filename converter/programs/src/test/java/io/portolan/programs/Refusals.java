package io.portolan.programs;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/** What hostile bytes may lead to: a program, or one refusal in a line of text. Anything else is a finding. */
public final class Refusals {
    private static final int LONGEST_MESSAGE = 1000;

    /** Reads something. */
    public interface Reading {
        void run() throws IOException;
    }

    private Refusals() {}

    /** Runs a reading that may succeed or be refused. */
    public static void only(Reading reading) {
        try {
            reading.run();
        } catch (ProgramException refused) {
            String message = refused.getMessage();
            if (message == null || message.contains("\n") || message.length() > LONGEST_MESSAGE) {
                throw new AssertionError("a refusal that does not help: " + message, refused);
            }
        } catch (IOException other) {
            throw new AssertionError("a failure of another type", other);
        }
    }

    /** Expects a refusal within a second of work that says these words. */
    public static void expect(String words, Reading reading) {
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            long start = clock.getCurrentThreadCpuTime();
            String message = assertThrows(ProgramException.class, reading::run).getMessage();
            Duration worked = Duration.ofNanos(clock.getCurrentThreadCpuTime() - start);
            assertTrue(message.contains(words) && !message.contains("\n"), message);
            assertTrue(worked.compareTo(Duration.ofSeconds(1)) < 0, worked.toString());
        });
    }
}
