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
 * A request that matched a route.
 *
 * @param parameters the values of the route's path parameters
 * @param body starts to receive the body
 * @param space the answer's reservation in the memory budget for answers
 */
record HttpCall(
        Request request,
        Map<String, String> parameters,
        Supplier<CompletableFuture<byte[]>> body,
        MemoryBudget.Reservation space) {
    /** The value of a header; null if it was not sent. */
    String header(String name) {
        return request.getHeaders().get(name);
    }

    /**
     * Checks the content type. A missing type is accepted, because Triton's clients send none.
     *
     * @throws HttpError if the content type is not accepted
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
