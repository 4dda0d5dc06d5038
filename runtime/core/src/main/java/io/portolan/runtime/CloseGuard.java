package io.portolan.runtime;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Keeps a native resource open while anyone uses it. ONNX Runtime crashes the process when it is handed a closed
 * handle, so every use passes through here: uses run side by side, closing waits for them, and later uses are refused.
 */
final class CloseGuard {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final String name;
    private boolean closed;

    /** @param name of the resource, for the message to those who come too late */
    CloseGuard(String name) {
        this.name = name;
    }

    /**
     * Runs an action that the resource outlives. Actions may nest.
     *
     * @throws IllegalStateException if the resource is closed
     */
    <T> T whileOpen(Supplier<T> action) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException(name + " is closed");
            }
            return action.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Waits for running actions, then releases the resource; does nothing the second time. */
    void close(Runnable release) {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                release.run();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
