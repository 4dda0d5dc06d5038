package io.portolan.cli;

import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * Turns Ctrl-C and SIGTERM into a stop request that the running work polls. The process then waits until the work has ended, and
 * exits with 130 or 143, as shells expect, or with a code of the command's choice.
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

    /** Listens until closed, and prints the announcement when a signal arrives. */
    static StopSignal listen(String announcement) {
        StopSignal signal = new StopSignal(announcement);
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    /** Whether a signal has arrived. */
    @Override
    public boolean getAsBoolean() {
        return requested;
    }

    /** Waits until a signal arrives. */
    void await() throws InterruptedException {
        requests.await();
    }

    /** Sets the exit code for work whose regular end is a signal. */
    void exitWith(int code) {
        exitCode = code;
    }

    /** Tells that the work has ended and all its output is printed. */
    @Override
    public void close() {
        finished.countDown();
        if (!requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException endingThisMoment) {
                // The shutdown hook then finds that there is nothing to wait for.
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
                // After a signal has arrived, nothing else changes the code.
                Runtime.getRuntime().halt(exitCode);
            }
        } catch (InterruptedException endAtOnce) {
            Thread.currentThread().interrupt();
        }
    }
}
