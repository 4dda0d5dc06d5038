package io.portolan.cli;

import java.util.concurrent.CountDownLatch;
import org.jline.utils.Signals;

/**
 * Turns Ctrl-C and SIGTERM into something that a program can wait for, while Java goes on as before. A shutdown hook would come too
 * late for programs that still use ONNX Runtime: it frees itself in a hook of its own, at the same time.
 */
final class EndSignals {
    private final CountDownLatch received = new CountDownLatch(1);

    private EndSignals() {}

    /** Listens from now on; the first signal is taken, the second ends the process at once. */
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
