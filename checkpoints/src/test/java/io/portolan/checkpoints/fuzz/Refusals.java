package io.portolan.checkpoints.fuzz;

import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;

/** What hostile bytes may lead to: a value, or one refusal in a line of text. Anything else is a finding. */
public final class Refusals {
    /** Reads hostile bytes. */
    public interface Reading {
        void run() throws IOException;
    }

    private Refusals() {}

    /** Runs a reading, which must succeed or refuse in one line that says what was expected. */
    public static void only(Reading reading) {
        try {
            reading.run();
        } catch (CheckpointException refused) {
            String message = refused.getMessage();
            if (!message.contains("expected ") || message.contains("\n")) {
                throw new AssertionError("a refusal that does not help: " + message, refused);
            }
        } catch (IOException other) {
            throw new AssertionError("a failure of another type", other);
        }
    }
}
