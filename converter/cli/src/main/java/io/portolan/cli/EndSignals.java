package io.portolan.cli;

import java.util.concurrent.CountDownLatch;
import org.jline.utils.Signals;

/**
 * Lets a program wait for Ctrl-C and SIGTERM while the JVM keeps running. A shutdown hook would be too late for programs that still
 * use ONNX Runtime: its own shutdown hook frees it at the same time.
 */
final class EndSignals {
    private final CountDownLatch received = new CountDownLatch(1);

    private EndSignals() {}

    /** Starts to listen; the first signal is handled, the second ends the process at once. */
    static EndSignals listen() {
        EndSignals signals = new EndSignals();
        for (String name : new String[] {"TERM", "INT"}) {
            Signals.register(name, signals::take);
        }
        return signals;
    }

    private void take() {
        if (received.getCount() == 0) {
            Runtime.getRuntime().halt(1);
        }
        received.countDown();
    }

    void await() throws InterruptedException {
        received.await();
    }
}
