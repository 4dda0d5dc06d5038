package io.portolan.runtime.serve;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where and how a server listens.
 *
 * @param host name or address to listen on; {@link #LOOPBACK} lets nobody in from other machines
 * @param port to listen on; 0 for any that is free
 * @param accessLog gets a line for each request, in the common log format; empty for none
 */
public record ServerOptions(String host, int port, Batching batching, Limits limits, Optional<Consumer<String>> accessLog) {
    public static final String LOOPBACK = "127.0.0.1";

    public static final int DEFAULT_PORT = 8080;

    private static final int LAST_PORT = 65_535;

    /** @throws IllegalArgumentException if there is no such port */
    public ServerOptions {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(batching, "batching");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(accessLog, "accessLog");
        if (port < 0 || port > LAST_PORT) {
            throw new IllegalArgumentException("ports go from 0 to " + LAST_PORT + ", not " + port);
        }
    }

    /** Port 8080 of the loopback interface. */
    public static ServerOptions defaults() {
        return new ServerOptions(LOOPBACK, DEFAULT_PORT, Batching.defaults(), Limits.defaults(), Optional.empty());
    }

    public ServerOptions withPort(int newPort) {
        return new ServerOptions(host, newPort, batching, limits, accessLog);
    }

    public ServerOptions withBatching(Batching newBatching) {
        return new ServerOptions(host, port, newBatching, limits, accessLog);
    }

    public ServerOptions withLimits(Limits newLimits) {
        return new ServerOptions(host, port, batching, newLimits, accessLog);
    }
}
