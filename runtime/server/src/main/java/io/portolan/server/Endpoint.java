package io.portolan.server;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The handler of a route's requests. */
@FunctionalInterface
interface Endpoint {
    /** Answers a request; it may throw, or complete with, any exception that {@link Failures} maps. */
    CompletableFuture<HttpAnswer> answer(HttpCall call);

    /** An endpoint that answers immediately. */
    static Endpoint immediate(Function<HttpCall, HttpAnswer> answer) {
        return call -> CompletableFuture.completedFuture(answer.apply(call));
    }
}
