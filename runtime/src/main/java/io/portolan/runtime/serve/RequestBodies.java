package io.portolan.runtime.serve;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Scheduler;

/** Receives bodies of requests, no longer, no slower and not more of them at a time than is allowed. */
final class RequestBodies {
    /** Of the heap. What is made of a body may take four times as much, outside the heap, which is as large by default. */
    private static final int SHARE = 4;

    private static final String RECEIVED = RequestBodies.class.getName() + ".received";

    private final Limits limits;
    private final long budget;
    private final AtomicLong reserved = new AtomicLong();

    RequestBodies(Limits limits) {
        this.limits = limits;
        this.budget = Math.max(limits.requestBytes(), Runtime.getRuntime().maxMemory() / SHARE);
    }

    /** Bytes set aside now. */
    long reservedBytes() {
        return reserved.get();
    }

    /** Receives a body, without a thread that waits; the memory is given back when the request is answered. */
    CompletableFuture<byte[]> receive(Request request) {
        long declared = request.getLength();
        if (declared > limits.requestBytes()) {
            throw HttpError.tooLarge(limits.requestBytes());
        }
        reserve(request, declared < 0 ? limits.requestBytes() : declared);
        Scheduler.Task slow = request.getComponents().getScheduler().schedule(
                () -> request.fail(new TimeoutException()), limits.receiving().toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        Content.Source.asByteArrayAsync(request, limits.requestBytes(), Promise.Invocable.toPromise(received));
        return received.handle((body, failure) -> {
            slow.cancel();
            if (failure != null) {
                throw new CompletionException(explain(failure));
            }
            request.setAttribute(RECEIVED, true);
            return body;
        });
    }

    /** Whether a request has a body of which nobody knows the end. */
    static boolean isLeftUnread(Request request) {
        boolean hasBody = request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        return hasBody && request.getAttribute(RECEIVED) == null;
    }

    private void reserve(Request request, long bytes) {
        if (reserved.addAndGet(bytes) > budget) {
            reserved.addAndGet(-bytes);
            throw HttpError.overloaded("the requests that are being answered take all memory set aside for them");
        }
        Request.addCompletionListener(request, end -> reserved.addAndGet(-bytes));
    }

    private Throwable explain(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof TimeoutException) {
            return HttpError.of(408, "the body did not arrive within " + limits.receiving().toSeconds() + " s; send it faster");
        }
        return cause instanceof IllegalStateException ? HttpError.tooLarge(limits.requestBytes()) : cause;
    }
}
