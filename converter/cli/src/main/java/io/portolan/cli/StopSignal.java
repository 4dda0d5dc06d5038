package io.portolan.cli;

import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * Turns Ctrl-C and SIGTERM into a request that work looks for. The process then waits until the work has come to its
 * end, and exits with 130 or 143, as shells expect of it, or with a code of its own.
 */
final class StopSignal implements BooleanSupplier, AutoCloseable {
    private static final int AS_SIGNALLED = -1;

    private final String announcement;
    private final CountDownLatch requests = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "portolan-stop");
    private volatile boolean requested;
    private volatile int exitCode = AS_SIGNALLED;

    private StopSignal(String announcement) {
        this.announcement = announcement;
    }

    /** Listens until closed. Says what comes next when it hears something. */
    static StopSignal listen(String announcement) {
        StopSignal signal = new StopSignal(announcement);
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    /** Whether the process has been asked to end. */
    @Override
    public boolean getAsBoolean() {
        return requested;
    }

    /** Waits until the process has been asked to end. */
    void await() throws InterruptedException {
        requests.await();
    }

    /** For work that a signal ends as it should: the process is to exit with this code. */
    void exitWith(int code) {
        exitCode = code;
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
        System.err.println("portolan: " + announcement);
        requests.countDown();
        try {
            finished.await();
            if (exitCode != AS_SIGNALLED) {
                // Once a signal has come in, nothing else changes the code.
                Runtime.getRuntime().halt(exitCode);
            }
        } catch (InterruptedException endAtOnce) {
            Thread.currentThread().interrupt();
        }
    }
}
