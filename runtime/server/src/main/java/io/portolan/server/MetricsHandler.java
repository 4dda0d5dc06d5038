package io.portolan.server;

import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** A handler that counts and times all requests. */
final class MetricsHandler extends Handler.Wrapper {
    private final ServerMetrics metrics;

    MetricsHandler(Handler handler, ServerMetrics metrics) {
        super(handler);
        this.metrics = metrics;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        // Clients can send arbitrary methods, and each label value takes memory permanently.
        String method = HttpMethod.fromString(request.getMethod()) == null ? "other" : request.getMethod();
        Request.addCompletionListener(
                request,
                failure -> metrics.answered(
                        method,
                        Router.routeOf(request),
                        response.getStatus(),
                        System.nanoTime() - request.getHeadersNanoTime()));
        return super.handle(request, response, callback);
    }
}
