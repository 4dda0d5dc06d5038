package io.portolan.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Scheduler;

/** Receives bodies of requests within limits of size, time and total memory. */
final class RequestBodies {
    private static final String RECEIVED = RequestBodies.class.getName() + ".received";

    private final Limits limits;
    private final MemoryBudget budget;
    private final Executor decoders;

    /**
     * @param budget the memory of all bodies
     * @param decoders threads that decompress bodies
     */
    RequestBodies(Limits limits, MemoryBudget budget, Executor decoders) {
        this.limits = limits;
        this.budget = budget;
        this.decoders = decoders;
    }

    /** Receives a body asynchronously; its memory is released when the request is answered. */
    CompletableFuture<byte[]> receive(Request request) {
        ContentCoding coding = ContentCoding.ofBody(request.getHeaders().getCSV(HttpHeader.CONTENT_ENCODING, false));
        long declared = request.getLength();
        if (declared > limits.requestBytes()) {
            throw HttpError.tooLarge(limits.requestBytes());
        }
        MemoryBudget.Reservation space = budget.of(request);
        space.grow(declared < 0 ? limits.requestBytes() : declared);
        Scheduler.Task slow = request.getComponents()
                .getScheduler()
                .schedule(
                        () -> request.fail(new TimeoutException()),
                        limits.receiving().toMillis(),
                        TimeUnit.MILLISECONDS);
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        Content.Source.asByteArrayAsync(request, limits.requestBytes(), Promise.Invocable.toPromise(received));
        CompletableFuture<byte[]> whole = received.handle((body, failure) -> {
            slow.cancel();
            if (failure != null) {
                throw new CompletionException(explain(failure));
            }
            request.setAttribute(RECEIVED, true);
            return body;
        });
        return coding == ContentCoding.IDENTITY
                ? whole
                : whole.thenApplyAsync(body -> coding.decode(body, limits.requestBytes(), space::grow), decoders);
    }

    /** Whether a request has a body that was not read to its end. */
    static boolean isLeftUnread(Request request) {
        boolean hasBody = request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        return hasBody && request.getAttribute(RECEIVED) == null;
    }

    private Throwable explain(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof TimeoutException) {
            return HttpError.of(
                    408, "the body did not arrive within " + limits.receiving().toSeconds() + " s; send it faster");
        }
        return cause instanceof IllegalStateException ? HttpError.tooLarge(limits.requestBytes()) : cause;
    }
}
