package io.portolan.runtime.serve;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
 */
record Call(Request request, Map<String, String> parameters, Supplier<CompletableFuture<byte[]>> body) {
    /** Null if it was not sent. */
    String header(String name) {
        return request.getHeaders().get(name);
    }

    /** @throws HttpError if the body is none of these types */
    void requireType(Set<String> accepted) {
        String type = header(HttpHeader.CONTENT_TYPE.asString());
        if (type == null || !accepted.contains(MimeTypes.getContentTypeWithoutCharset(type).toLowerCase(Locale.ROOT))) {
            throw HttpError.of(415, "this path takes " + String.join(" or ", accepted)
                    + (type == null ? "" : ", not " + type) + "; set the header Content-Type");
        }
    }
}
