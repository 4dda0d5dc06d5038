package io.portolan.server;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What answers the requests of a route. */
@FunctionalInterface
interface Endpoint {
    /** May throw, or complete with, what {@link Failures} knows. */
    CompletableFuture<HttpAnswer> answer(HttpCall call);

    /** An endpoint that knows its answer at once. */
    static Endpoint immediate(Function<HttpCall, HttpAnswer> answer) {
        return call -> CompletableFuture.completedFuture(answer.apply(call));
    }
}
