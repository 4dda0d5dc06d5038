package io.portolan.server;

import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Reports errors from the HTTP library in the same form as all others. */
final class JsonErrors extends ErrorHandler {
    private static final Pattern CLASS = Pattern.compile("[a-z]\\.[A-Z]|Exception|Error\\b");

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Object message = request.getAttribute(ERROR_MESSAGE);
        Router.send(
                of(response.getStatus(), message == null ? null : message.toString())
                        .answer(),
                request,
                response,
                callback);
        return true;
    }

    /** An error with the library's reason, unless that is empty or names classes. */
    static HttpError of(int status, String reason) {
        boolean isForClients = reason != null && !CLASS.matcher(reason).find();
        return HttpError.of(status, isForClients ? reason : HttpStatus.getMessage(status));
    }
}
