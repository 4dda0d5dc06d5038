package io.portolan.server;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Prevents idle connections from blocking others: a connection without a request in time is closed, and when the limit
 * is reached, a new connection closes the one that has been idle longest. A reserve accepts connections even while all
 * others are busy, so that probes are always answered.
 */
final class ConnectionGuard extends Handler.Wrapper implements Connection.Listener {
    /** Connections beyond the limit, for probes and for telling other clients that there are too many. */
    private static final int RESERVE = 64;

    private static final int SWEEPS = 4;

    private final int most;
    private final long headNanos;
    private final Predicate<Request> isProbe;
    private final Map<EndPoint, Guest> guests = new ConcurrentHashMap<>();
    private Scheduler.Task sweep;

    /**
     * @param most largest number of connections
     * @param head time within which the head of a request must arrive
     * @param isProbe whether a request is answered even on connections beyond the limit
     */
    ConnectionGuard(Handler handler, int most, Duration head, Predicate<Request> isProbe) {
        super(handler);
        this.most = most;
        this.headNanos = head.toNanos();
        this.isProbe = isProbe;
    }

    /** A connection and the time since which it has been idle. */
    private static final class Guest {
        private final Connection connection;
        private volatile boolean isBeyondLimit;
        private volatile boolean isAtWork;
        private volatile boolean hasAsked;
        private volatile long silentSince = System.nanoTime();
        private volatile long bytesAtRest;
        private boolean isSending;
        private long sendingSince;

        Guest(Connection connection) {
            this.connection = connection;
        }

        void rest() {
            bytesAtRest = connection.getBytesIn();
            silentSince = System.nanoTime();
            isAtWork = false;
        }

        /** The time that the connection has waited for the head of a request; polled by one thread. */
        long waited(long now) {
            if (isAtWork || hasAsked && connection.getBytesIn() == bytesAtRest) {
                isSending = false;
                return 0;
            }
            if (!isSending) {
                isSending = true;
                sendingSince = hasAsked ? now : silentSince;
            }
            return now - sendingSince;
        }
    }

    /** Synchronized, so that two threads do not close the same connection. */
    @Override
    public synchronized void onOpened(Connection connection) {
        EndPoint endPoint = connection.getEndPoint();
        Guest guest = new Guest(connection);
        guests.put(endPoint, guest);
        if (guests.size() > most) {
            guests.values().stream()
                    .filter(other -> other != guest && !other.isAtWork)
                    .min(Comparator.comparing((Guest other) -> other.hasAsked)
                            .thenComparing(other -> other.silentSince - guest.silentSince))
                    .ifPresent(this::close);
        }
        guest.isBeyondLimit = guests.size() > most;
        if (guests.size() > most + RESERVE) {
            close(guest);
        }
    }

    /** The connection no longer counts, even if closing it takes time. */
    private void close(Guest guest) {
        guests.remove(guest.connection.getEndPoint());
        guest.connection.getEndPoint().close();
    }

    @Override
    public void onClosed(Connection connection) {
        guests.remove(connection.getEndPoint());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Guest guest = guests.get(request.getConnectionMetaData().getConnection().getEndPoint());
        if (guest == null) {
            return super.handle(request, response, callback);
        }
        guest.isAtWork = true;
        guest.hasAsked = true;
        Request.addCompletionListener(request, failure -> guest.rest());
        if (guest.isBeyondLimit && guests.size() > most && !isProbe.test(request)) {
            Router.refuseAndClose(
                    HttpError.overloaded("all " + most + " connections are busy"), request, response, callback);
            return true;
        }
        return super.handle(request, response, callback);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        sweepLater();
    }

    @Override
    protected void doStop() throws Exception {
        sweep.cancel();
        super.doStop();
    }

    private void sweepLater() {
        sweep = getServer().getScheduler().schedule(this::sweep, Math.max(1, headNanos / SWEEPS), TimeUnit.NANOSECONDS);
    }

    private void sweep() {
        long now = System.nanoTime();
        guests.values().stream().filter(guest -> guest.waited(now) > headNanos).forEach(this::close);
        if (isStarted()) {
            sweepLater();
        }
    }
}
