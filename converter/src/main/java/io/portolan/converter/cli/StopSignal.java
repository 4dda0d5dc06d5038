package io.portolan.converter.cli;

import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * Turns Ctrl-C and SIGTERM into a request that work looks for. The process then waits until the work has come to its
 * end, and exits with 130 or 143, as shells expect of it.
 */
final class StopSignal implements BooleanSupplier, AutoCloseable {
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "portolan-stop");
    private volatile boolean requested;

    private StopSignal() {}

    /** Listens until closed. */
    static StopSignal listen() {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    /** Whether the process has been asked to end. */
    @Override
    public boolean getAsBoolean() {
        return requested;
    }

    /** Says that the work is done, with all it had to print. */
    @Override
    public void close() {
        finished.countDown();
        if (!requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException endingThisMoment) {
                // Then the hook finds that there is nothing to wait for.
            }
        }
    }

    private void stop() {
        requested = true;
        System.err.println("portolan: stopping after this step ...");
        try {
            finished.await();
        } catch (InterruptedException endAtOnce) {
            Thread.currentThread().interrupt();
        }
    }
}
