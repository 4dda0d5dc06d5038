package io.portolan.grpc;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.portolan.server.InferenceService;
import io.portolan.server.Limits;
import io.portolan.server.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The Open Inference Protocol over gRPC, without encryption, on the host of the HTTP server and a port of its own.
 *
 * <pre>{@code
 * GrpcTransport grpc = new GrpcTransport(9000);
 * try (InferenceServer server = InferenceServer.start(models, runtime, options, grpc)) {
 *     System.out.println(grpc.port());
 *     ...
 * }
 * }</pre>
 */
public final class GrpcTransport implements Transport {
    private static final System.Logger LOG = System.getLogger(GrpcTransport.class.getName());

    private static final int LAST_PORT = 65_535;

    /** Time without a call, or in which an answer is not read, after which a connection is closed. */
    private static final long IDLE_SECONDS = 60;

    private static final long ALIVE_SECONDS = 20;

    /** Size of the head of a request in bytes, as over HTTP. */
    private static final int HEAD_BYTES = 8 << 10;

    /** Calls that a connection may cancel, within a number of seconds. */
    private static final int CANCELLED = 1000;

    private static final int CANCELLED_SECONDS = 10;

    private static final int CLOSING_SECONDS = 5;

    private final int requestedPort;
    private final Duration reading;
    private volatile int port;

    /**
     * @param port port to listen on; 0 for any free one
     * @throws IllegalArgumentException if there is no such port
     */
    public GrpcTransport(int port) {
        this(port, Duration.ofSeconds(IDLE_SECONDS));
    }

    /** @param reading time to read an answer, besides that for its size */
    GrpcTransport(int port, Duration reading) {
        if (port < 0 || port > LAST_PORT) {
            throw new IllegalArgumentException("ports go from 0 to " + LAST_PORT + ", not " + port);
        }
        this.requestedPort = port;
        this.reading = reading;
    }

    /** The actual port; 0 before the server was started. */
    public int port() {
        return port;
    }

    @Override
    public Listening listen(InferenceService service) throws IOException {
        EventLoopGroup threads = threads("portolan-grpc", 0);
        EventLoopGroup acceptor = threads("portolan-grpc-accept", 1);
        String host = service.options().host();
        try {
            Server server = server(service, new InetSocketAddress(host, requestedPort), acceptor, threads);
            server.start();
            port = server.getPort();
            return new Running(server, threads, acceptor);
        } catch (IOException taken) {
            Throwable reason = taken.getCause() == null ? taken : taken.getCause();
            stop(threads, acceptor);
            throw new IOException(
                    "cannot listen on port " + requestedPort + " of " + host + " for gRPC: " + reason.getMessage()
                            + "; choose another port or host",
                    taken);
        } catch (RuntimeException failure) {
            stop(threads, acceptor);
            throw failure;
        }
    }

    private Server server(
            InferenceService service, InetSocketAddress address, EventLoopGroup acceptor, EventLoopGroup threads) {
        Limits limits = service.options().limits();
        Connections connections = new Connections(limits.connections());
        Calls calls = new Calls(service, connections, threads, reading);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .channelFactory(connections::listener)
                .bossEventLoopGroup(acceptor)
                .workerEventLoopGroup(threads)
                .directExecutor()
                .callExecutor(calls)
                .addStreamTracerFactory(calls)
                .maxInboundMessageSize(limits.requestBytes())
                .maxInboundMetadataSize(HEAD_BYTES)
                .maxConcurrentCallsPerConnection(limits.waitingRequests())
                .maxRstFramesPerWindow(CANCELLED, CANCELLED_SECONDS)
                .maxConnectionIdle(IDLE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(ALIVE_SECONDS, TimeUnit.SECONDS);
        calls.services().forEach(builder::addService);
        return builder.build();
    }

    /** @param count 0 for a number that suits the machine */
    private static EventLoopGroup threads(String name, int count) {
        return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
    }

    private static void stop(EventLoopGroup... groups) {
        for (EventLoopGroup group : groups) {
            group.shutdownGracefully(0, CLOSING_SECONDS, TimeUnit.SECONDS);
        }
    }

    private record Running(Server server, EventLoopGroup threads, EventLoopGroup acceptor) implements Listening {
        @Override
        public void refuse() {
            server.shutdown();
        }

        @Override
        public void close(Duration drain) {
            try {
                if (!server.shutdown().awaitTermination(drain.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.log(System.Logger.Level.WARNING, "not all gRPC calls were answered in time");
                    server.shutdownNow().awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS);
                }
            } catch (InterruptedException hurried) {
                server.shutdownNow();
                Thread.currentThread().interrupt();
            } finally {
                stop(threads, acceptor);
            }
        }
    }
}
