package io.portolan.runtime;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * A guard that keeps a native resource open while it is in use. ONNX Runtime crashes the process when it is passed a
 * closed handle, so every use goes through the guard: uses may be concurrent, closing waits for them, and later uses
 * are refused.
 */
final class CloseGuard {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final String name;
    private boolean closed;

    /** @param name the resource's name, for the message after closing */
    CloseGuard(String name) {
        this.name = name;
    }

    /**
     * Runs an action during which the resource stays open. Actions may be nested.
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

    /** Waits for running actions, then releases the resource; does nothing if already closed. */
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
