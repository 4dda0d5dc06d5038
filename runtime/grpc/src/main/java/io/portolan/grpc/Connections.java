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
                accepted.stream()
                        .filter(Channel.class::isInstance)
                        .map(Channel.class::cast)
                        .forEach(Connections.this::opened);
                return count;
            }
        };
    }

    /** Called by one thread. */
    private void opened(Channel channel) {
        SocketAddress address = channel.remoteAddress();
        if (address == null) {
            return;
        }
        Guest guest = new Guest(channel);
        guests.put(address, guest);
        channel.closeFuture().addListener(closed -> guests.remove(address, guest));
        if (guests.size() > most) {
            long now = System.nanoTime();
            guests.entrySet().stream()
                    .filter(other ->
                            other.getValue() != guest && other.getValue().isIdle())
                    .min(Comparator.comparing((Map.Entry<SocketAddress, Guest> other) ->
                                    other.getValue().hasAsked())
                            .thenComparing(other -> -other.getValue().silence(now)))
                    .ifPresent(idle -> close(idle.getKey()));
        }
        guest.isBeyondLimit = guests.size() > most;
        if (guests.size() > most + RESERVE) {
            close(address);
        }
    }

    /** Closes a connection, which no longer counts even if that takes time. */
    void close(SocketAddress address) {
        Guest guest = guests.remove(address);
        if (guest != null) {
            guest.channel.close();
        }
    }

    void callStarts(SocketAddress address) {
        change(address, 1);
    }

    void callEnds(SocketAddress address) {
        change(address, -1);
    }

    private void change(SocketAddress address, int calls) {
        Guest guest = guests.get(address);
        if (guest != null) {
            guest.call(calls);
        }
    }

    /** Whether a connection was accepted while all others were busy, and they still are. */
    boolean isBeyondLimit(SocketAddress address) {
        Guest guest = guests.get(address);
        return guest != null && guest.isBeyondLimit && guests.size() > most;
    }
}
