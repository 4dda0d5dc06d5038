package io.portolan.server;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.server.Request;

/**
 * A request that found its route.
 *
 * @param parameters the parts of the path that the route leaves open
 * @param body starts to receive the body
 * @param space what the answer takes of the memory for answers
 */
record HttpCall(
        Request request,
        Map<String, String> parameters,
        Supplier<CompletableFuture<byte[]>> body,
        MemoryBudget.Reservation space) {
    /** Null if it was not sent. */
    String header(String name) {
        return request.getHeaders().get(name);
    }

    /**
     * Triton's clients say nothing of the type, so that this is accepted.
     *
     * @throws HttpError if the body is said to be none of these types
     */
    void requireType(Set<String> accepted) {
        String type = header(HttpHeader.CONTENT_TYPE.asString());
        if (type != null
                && !type.isBlank()
                && !accepted.contains(
                        MimeTypes.getContentTypeWithoutCharset(type).strip().toLowerCase(Locale.ROOT))) {
            throw HttpError.of(
                    415,
                    "this path takes " + String.join(" or ", new TreeSet<>(accepted)) + ", not " + type
                            + "; set the header Content-Type, or leave it out");
        }
    }
}
