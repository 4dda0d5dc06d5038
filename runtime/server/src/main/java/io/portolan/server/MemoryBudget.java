package io.portolan.server;

import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Request;

/** Memory that all requests together may take for one purpose. */
final class MemoryBudget {
    /** Of the heap. What is made of a body may take four times as much, outside the heap, which is as large by default. */
    private static final int SHARE = 4;

    private final String purpose;
    private final long total;
    private final AtomicLong reserved = new AtomicLong();

    /**
     * A quarter of the heap.
     *
     * @param purpose for messages, such as {@code answers}
     * @param least what one request may take
     */
    MemoryBudget(String purpose, long least) {
        this.purpose = purpose;
        this.total = Math.max(least, Runtime.getRuntime().maxMemory() / SHARE);
    }

    /** Bytes set aside now. */
    long reservedBytes() {
        return reserved.get();
    }

    /** Nothing at first; what it grows to is given back when the request is answered. */
    Reservation of(Request request) {
        Reservation reservation = new Reservation();
        Request.addCompletionListener(request, end -> reservation.release());
        return reservation;
    }

    /** What one request takes. */
    final class Reservation {
        private long bytes;
        private boolean released;

        /** @throws HttpError if all requests together would take too much */
        synchronized void grow(long more) {
            if (released || more <= 0) {
                return;
            }
            if (reserved.addAndGet(more) > total) {
                reserved.addAndGet(-more);
                throw HttpError.overloaded("the " + purpose + " under way take all memory set aside for them");
            }
            bytes += more;
        }

        /** Makes it so large, if it is smaller. */
        synchronized void growTo(long size) {
            grow(size - bytes);
        }

        private synchronized void release() {
            released = true;
            reserved.addAndGet(-bytes);
        }
    }
}
