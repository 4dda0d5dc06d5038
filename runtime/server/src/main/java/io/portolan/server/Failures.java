package io.portolan.server;

import io.portolan.images.PreprocessingException;
import io.portolan.images.UnsupportedImageException;
import io.portolan.runtime.ModelException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.QuietException;

/** Maps exceptions to errors for the client. */
public final class Failures {
    private static final System.Logger LOG = System.getLogger(Failures.class.getName());

    private Failures() {}

    /** The error that a failed request is answered with; failures of the server itself are logged. */
    public static HttpError describe(Throwable failure) {
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return describe(failure.getCause());
        }
        if (failure instanceof HttpError error) {
            return error;
        }
        if (failure instanceof HttpException error) {
            return JsonErrors.of(error.getCode(), error.getReason());
        }
        if (failure instanceof UnsupportedImageException other) {
            return HttpError.of(415, other.getMessage());
        }
        if (failure instanceof PreprocessingException unfit) {
            return HttpError.badRequest(unfit.getMessage());
        }
        if (failure instanceof RejectedExecutionException full) {
            return HttpError.overloaded(full.getMessage());
        }
        if (failure instanceof OutOfMemoryError) {
            return HttpError.overloaded("the server is short of memory");
        }
        if (failure instanceof QuietException) {
            // The client has disconnected, so nobody will read this.
            return HttpError.badRequest("the connection ended before the request did");
        }
        LOG.log(System.Logger.Level.WARNING, "a request failed", failure);
        return HttpError.of(
                500,
                failure instanceof ModelException known
                        ? known.getMessage()
                        : "internal error; the server's log says what and where");
    }
}
