package io.portolan.server;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The options of a server.
 *
 * @param host name or address to listen on; {@link #LOOPBACK} accepts no connections from other machines
 * @param port port to listen on; 0 for any free one
 * @param trustedHosts names by which clients reach the server, such as a proxy's, with or without a port. Addresses,
 *     names without a dot and {@code host} itself are always trusted. If it is empty, a server that listens beyond this
 *     machine accepts any name, and one on the loopback interface accepts no other
 * @param accessLog receives a line for each request in the common log format; empty for no log
 */
public record ServerOptions(
        String host,
        int port,
        Batching batching,
        Limits limits,
        Set<String> trustedHosts,
        Optional<Consumer<String>> accessLog) {
    public static final String LOOPBACK = "127.0.0.1";

    public static final int DEFAULT_PORT = 8080;

    private static final int LAST_PORT = 65_535;

    /** @throws IllegalArgumentException if there is no such port */
    public ServerOptions {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(batching, "batching");
        Objects.requireNonNull(limits, "limits");
        trustedHosts = Set.copyOf(trustedHosts);
        Objects.requireNonNull(accessLog, "accessLog");
        if (port < 0 || port > LAST_PORT) {
            throw new IllegalArgumentException("ports go from 0 to " + LAST_PORT + ", not " + port);
        }
    }

    /** Port 8080 of the loopback interface. */
    public static ServerOptions defaults() {
        return new ServerOptions(
                LOOPBACK, DEFAULT_PORT, Batching.defaults(), Limits.defaults(), Set.of(), Optional.empty());
    }

    public ServerOptions withHost(String newHost) {
        return new ServerOptions(newHost, port, batching, limits, trustedHosts, accessLog);
    }

    public ServerOptions withPort(int newPort) {
        return new ServerOptions(host, newPort, batching, limits, trustedHosts, accessLog);
    }

    public ServerOptions withBatching(Batching newBatching) {
        return new ServerOptions(host, port, newBatching, limits, trustedHosts, accessLog);
    }

    public ServerOptions withLimits(Limits newLimits) {
        return new ServerOptions(host, port, batching, newLimits, trustedHosts, accessLog);
    }

    public ServerOptions withTrustedHosts(Set<String> newTrustedHosts) {
        return new ServerOptions(host, port, batching, limits, newTrustedHosts, accessLog);
    }
}
