package io.portolan.server;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.pathmap.MatchedResource;
import org.eclipse.jetty.http.pathmap.PathMappings;
import org.eclipse.jetty.http.pathmap.UriTemplatePathSpec;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Dispatches requests to endpoints by path and method, and sends their answers. */
final class Router extends Handler.Abstract {
    /** The path of the metrics, which like the probes are not limited. */
    static final String METRICS = "/metrics";

    private static final String GET = "GET";
    private static final String HEAD = "HEAD";
    private static final String ROUTE = Router.class.getName() + ".route";
    private static final String NO_ROUTE = "none";

    private final PathMappings<Map<String, Endpoint>> routes = new PathMappings<>();
    private final TrustedSites sites;
    private final RequestBodies bodies;
    private final InferenceService service;

    Router(TrustedSites sites, RequestBodies bodies, InferenceService service) {
        this.sites = sites;
        this.bodies = bodies;
        this.service = service;
    }

    /** @param template a path in which {@code {name}} matches any one segment */
    Router route(String method, String template, Endpoint endpoint) {
        UriTemplatePathSpec path = new UriTemplatePathSpec(template);
        Map<String, Endpoint> methods = routes.get(path);
        if (methods == null) {
            methods = new TreeMap<>();
            routes.put(path, methods);
        }
        methods.put(method, endpoint);
        return this;
    }

    /** The template that a request's path matches; unlike paths, there are few. */
    static String routeOf(Request request) {
        return request.getAttribute(ROUTE) instanceof String route ? route : NO_ROUTE;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        // The time to compute an answer is not limited, but the time to send it is. The time to receive the body has
        // its own limit.
        AtomicBoolean isAnswered = new AtomicBoolean();
        request.addIdleTimeoutListener(timeout -> isAnswered.get());
        CompletableFuture<HttpAnswer> answer;
        try {
            answer = find(request);
        } catch (RuntimeException | OutOfMemoryError failure) {
            answer = CompletableFuture.failedFuture(failure);
        }
        answer.exceptionally(failure -> Failures.describe(failure).answer())
                .thenAccept(ready -> {
                    isAnswered.set(true);
                    send(ready, request, response, callback);
                })
                .exceptionally(failure -> {
                    callback.failed(failure);
                    return null;
                });
        return true;
    }

    private CompletableFuture<HttpAnswer> find(Request request) {
        String path = Request.getPathInContext(request);
        if (!path.startsWith(ProtocolEndpoints.PROBES) && !path.equals(METRICS)) {
            service.requireRate(Request.getRemoteAddr(request));
        }
        sites.require(request);
        MatchedResource<Map<String, Endpoint>> match = routes.getMatched(path);
        if (match == null) {
            throw HttpError.of(
                    404,
                    "there is nothing at this path; GET /v2 says what the server is, and its documentation lists the"
                            + " paths");
        }
        UriTemplatePathSpec template = (UriTemplatePathSpec) match.getPathSpec();
        request.setAttribute(ROUTE, template.getDeclaration());
        Map<String, Endpoint> methods = match.getResource();
        Endpoint endpoint = methods.get(request.getMethod().equals(HEAD) ? GET : request.getMethod());
        if (endpoint == null) {
            TreeSet<String> allowed = new TreeSet<>(methods.keySet());
            if (allowed.contains(GET)) {
                allowed.add(HEAD);
            }
            throw HttpError.methodNotAllowed(String.join(", ", allowed));
        }
        return endpoint.answer(new HttpCall(
                request,
                template.getPathParams(path),
                () -> bodies.receive(request),
                service.answers().of(request)));
    }

    /** Sends an error, after which the connection is closed. */
    static void refuseAndClose(HttpError error, Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        send(error.answer(), request, response, callback);
    }

    static void send(HttpAnswer answer, Request request, Response response, Callback callback) {
        ContentCoding coding = ContentCoding.ofAnswer(
                request.getHeaders().getQualityCSV(HttpHeader.ACCEPT_ENCODING),
                answer.body().remaining());
        ByteBuffer body = coding.encode(answer.body().duplicate());
        if (coding != ContentCoding.IDENTITY) {
            response.getHeaders().put(HttpHeader.CONTENT_ENCODING, coding.token());
        }
        response.getHeaders().put(HttpHeader.VARY, HttpHeader.ACCEPT_ENCODING.asString());
        if (RequestBodies.isLeftUnread(request)) {
            // The next bytes on this connection would be the rest of the body.
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        response.setStatus(answer.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.contentType());
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.remaining());
        answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        response.write(true, body, callback);
    }
}
