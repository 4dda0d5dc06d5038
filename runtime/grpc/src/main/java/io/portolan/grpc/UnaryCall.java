package io.portolan.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.portolan.server.HttpError;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A call with one request and one answer. */
final class UnaryCall extends ServerCall.Listener<Received> {
    /** The rate at which a client must read at least. */
    private static final int READING_BYTES_PER_SECOND = 1 << 18;

    /** The answer to a call's message. It may throw or complete with what {@link Statuses} maps. */
    @FunctionalInterface
    interface Answering {
        CompletableFuture<ByteBuffer> answer(ByteBuffer message, Exchange exchange);
    }

    private final ServerCall<Received, ByteBuffer> call;
    private final Answering answering;
    private final Exchange exchange;
    private final ScheduledExecutorService timers;
    private final Duration reading;
    private final Runnable hangUp;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private volatile boolean isComplete;
    private Received received;

    /**
     * @param reading time to read an answer, besides that for its size
     * @param hangUp closes the connection
     */
    UnaryCall(
            ServerCall<Received, ByteBuffer> call,
            Answering answering,
            Exchange exchange,
            ScheduledExecutorService timers,
            Duration reading,
            Runnable hangUp) {
        this.call = call;
        this.answering = answering;
        this.exchange = exchange;
        this.timers = timers;
        this.reading = reading;
        this.hangUp = hangUp;
    }

    /** @param receiving time within which the request and its end must arrive */
    UnaryCall start(Duration receiving) {
        exchange.onRefusal(this::refuse);
        after(receiving.toMillis(), () -> {
            if (!isComplete) {
                refuse(HttpError.of(
                        408,
                        "the message and the end of the call did not arrive within " + receiving.toSeconds()
                                + " s; send them faster"));
            }
        });
        // One more than there should be, so that it is noticed.
        call.request(2);
        return this;
    }

    private void after(long millis, Runnable action) {
        var timer = timers.schedule(action, millis, TimeUnit.MILLISECONDS);
        exchange.onClose(() -> timer.cancel(false));
    }

    void refuse(Throwable failure) {
        close(Statuses.of(failure));
    }

    private void close(Status status) {
        if (isClosed.compareAndSet(false, true)) {
            call.close(status, new Metadata());
        }
    }

    @Override
    public void onMessage(Received message) {
        if (received != null) {
            close(Status.INVALID_ARGUMENT.withDescription("a call has one message"));
        }
        received = message;
    }

    @Override
    public void onHalfClose() {
        isComplete = true;
        if (received == null) {
            close(Status.INVALID_ARGUMENT.withDescription("the call has no message"));
        } else if (!received.status().isOk()) {
            close(received.status());
        }
        if (isClosed.get()) {
            return;
        }
        try {
            answering.answer(received.bytes(), exchange).whenComplete((answer, failure) -> {
                if (failure == null) {
                    send(answer);
                } else {
                    refuse(failure);
                }
            });
        } catch (RuntimeException | OutOfMemoryError failure) {
            refuse(failure);
        }
    }

    private void send(ByteBuffer answer) {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        Duration size = Duration.ofSeconds(answer.remaining() / READING_BYTES_PER_SECOND);
        after(reading.plus(size).toMillis(), hangUp);
        call.sendHeaders(new Metadata());
        call.sendMessage(answer);
        call.close(Status.OK, new Metadata());
    }

    @Override
    public void onCancel() {
        isClosed.set(true);
    }
}
