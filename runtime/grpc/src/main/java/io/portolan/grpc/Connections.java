package io.portolan.grpc;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.SocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Prevents idle connections from blocking others: when the limit is reached, a new connection closes the one that has
 * been idle longest. A reserve accepts connections even while all others are busy, so that probes are always answered.
 */
final class Connections {
    /** Connections beyond the limit, for probes and for telling other clients that there are too many. */
    private static final int RESERVE = 64;

    private final int most;
    private final Map<SocketAddress, Guest> guests = new ConcurrentHashMap<>();

    /** @param most largest number of connections */
    Connections(int most) {
        this.most = most;
    }

    /** A connection, and the time since which it has been idle. */
    private static final class Guest {
        private final Channel channel;
        private volatile boolean isBeyondLimit;
        private boolean hasAsked;
        private int calls;
        private long silentSince = System.nanoTime();

        Guest(Channel channel) {
            this.channel = channel;
        }

        private synchronized void call(int change) {
            hasAsked = true;
            calls += change;
            silentSince = System.nanoTime();
        }

        private synchronized boolean isIdle() {
            return calls == 0;
        }

        private synchronized boolean hasAsked() {
            return hasAsked;
        }

        private synchronized long silence(long now) {
            return now - silentSince;
        }
    }

    /** A listening socket that registers what it accepts. */
    NioServerSocketChannel listener() {
        return new NioServerSocketChannel() {
            @Override
            protected int doReadMessages(List<Object> accepted) throws Exception {
                int count = super.doReadMessages(accepted);
                // The list also holds those of earlier calls, and none of them can be closed before it has been handed
                // on.
                for (Object connection : accepted.subList(accepted.size() - Math.max(0, count), accepted.size())) {
                    Guest guest = new Guest((Channel) connection);
                    SocketAddress address = guest.channel.remoteAddress();
                    if (address == null) {
                        // It has been closed meanwhile.
                        continue;
                    }
                    guests.put(address, guest);
                    guest.channel
                            .closeFuture()
                            .addListener(closed -> guests.values().remove(guest));
                    eventLoop().execute(() -> makeRoomFor(guest));
                }
                return count;
            }
        };
    }

    /** Called by one thread. */
    private void makeRoomFor(Guest guest) {
        if (guests.size() > most) {
            long now = System.nanoTime();
            guests.values().stream()
                    .filter(other -> other != guest && other.isIdle())
                    .min(Comparator.comparing(Guest::hasAsked).thenComparing(other -> -other.silence(now)))
                    .ifPresent(this::close);
        }
        guest.isBeyondLimit = guests.size() > most;
        if (guests.size() > most + RESERVE) {
            close(guest);
        }
    }

    /** The connection no longer counts, even if closing it takes time. */
    private void close(Guest guest) {
        guests.values().remove(guest);
        // Not through its handlers, which would say goodbye to the client first and wait for it.
        guest.channel.eventLoop().execute(() -> guest.channel.unsafe().close(guest.channel.voidPromise()));
    }

    /** Closes a connection at once. */
    void close(SocketAddress address) {
        Guest guest = find(address);
        if (guest != null) {
            close(guest);
        }
    }

    /** @param address null if the client hung up before it was asked for */
    private Guest find(SocketAddress address) {
        return address == null ? null : guests.get(address);
    }

    void callStarts(SocketAddress address) {
        change(address, 1);
    }

    void callEnds(SocketAddress address) {
        change(address, -1);
    }

    private void change(SocketAddress address, int calls) {
        Guest guest = find(address);
        if (guest != null) {
            guest.call(calls);
        }
    }

    /** Whether a connection was accepted while all others were busy, and they still are. */
    boolean isBeyondLimit(SocketAddress address) {
        Guest guest = find(address);
        return guest != null && guest.isBeyondLimit && guests.size() > most;
    }
}
