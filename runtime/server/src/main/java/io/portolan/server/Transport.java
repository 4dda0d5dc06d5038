package io.portolan.server;

import java.io.IOException;
import java.time.Duration;

/** Another way to reach the models of an {@link InferenceServer} than HTTP. */
public interface Transport {
    /**
     * Starts to listen; called when the models are loaded.
     *
     * @throws IOException if the port is taken
     */
    Listening listen(InferenceService service) throws IOException;

    /** A listening transport. */
    interface Listening {
        /** Refuses new requests, and returns at once. */
        void refuse();

        /** Waits for the answers to accepted requests for at most a time, and then closes all connections. */
        void close(Duration drain);
    }
}
