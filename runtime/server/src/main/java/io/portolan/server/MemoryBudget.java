package io.portolan.server;

import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Request;

/** A budget of memory for one purpose that all requests share. */
public final class MemoryBudget {
    /**
     * Divisor of the heap size. Tensors read from a body may take four times its size outside the heap, where the
     * default limit is the heap size.
     */
    private static final int SHARE = 4;

    private final String purpose;
    private final long total;
    private final AtomicLong reserved = new AtomicLong();

    /**
     * Creates a budget of a quarter of the heap.
     *
     * @param purpose the purpose in messages, such as {@code answers}
     * @param least smallest size of the budget, which is the limit of one request
     */
    MemoryBudget(String purpose, long least) {
        this.purpose = purpose;
        this.total = Math.max(least, Runtime.getRuntime().maxMemory() / SHARE);
    }

    /** The number of reserved bytes. */
    long reservedBytes() {
        return reserved.get();
    }

    /** Creates an empty reservation. */
    public Reservation reserve() {
        return new Reservation();
    }

    /** Creates an empty reservation, which is released when the request is answered. */
    Reservation of(Request request) {
        Reservation reservation = reserve();
        Request.addCompletionListener(request, end -> reservation.release());
        return reservation;
    }

    /** The reserved memory of one request. */
    public final class Reservation {
        private long bytes;
        private boolean released;

        /** @throws HttpError if all requests together would take too much */
        public synchronized void grow(long more) {
            if (released || more <= 0) {
                return;
            }
            if (reserved.addAndGet(more) > total) {
                reserved.addAndGet(-more);
                throw HttpError.overloaded("the " + purpose + " in progress take all memory reserved for them");
            }
            bytes += more;
        }

        /** Grows it to a size, if it is smaller. */
        public synchronized void growTo(long size) {
            grow(size - bytes);
        }

        /** Gives the memory back, for good; more does nothing. */
        public synchronized void release() {
            released = true;
            reserved.addAndGet(-bytes);
            bytes = 0;
        }
    }
}
