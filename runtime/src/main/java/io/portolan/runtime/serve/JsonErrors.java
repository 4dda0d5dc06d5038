package io.portolan.runtime.serve;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Errors that the HTTP library finds itself, in the form of all others. */
final class JsonErrors extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Object message = request.getAttribute(ERROR_MESSAGE);
        Router.send(answer(response.getStatus(), message == null ? null : message.toString()), request, response, callback);
        return true;
    }

    private static Answer answer(int status, String reason) {
        return HttpError.of(status, reason == null ? HttpStatus.getMessage(status) : reason).answer();
    }
}
