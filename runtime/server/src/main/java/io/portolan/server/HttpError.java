package io.portolan.server;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Thrown for a request that is answered with an error. Its kind is an HTTP status in all protocols; the message is one
 * line that says what is wrong and what to do.
 */
public final class HttpError extends RuntimeException {
    private static final int LONGEST = 1000;

    /** Characters that break lines, change the writing direction or are incomplete. */
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private static final Map<String, String> SOON = Map.of("Retry-After", "1");

    private final int status;
    private final transient Map<String, String> headers;

    private HttpError(int status, String message, Map<String, String> headers) {
        // No stack trace: it is not a failure of this program, and the exception may be frequent.
        super(presentable(message), null, false, false);
        this.status = status;
        this.headers = headers;
    }

    /** A message as one line of bounded length, whatever names a client sent. */
    private static String presentable(String message) {
        String line = INVISIBLE.matcher(message).replaceAll(" ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    public static HttpError of(int status, String message) {
        return new HttpError(status, message, Map.of());
    }

    public static HttpError badRequest(String message) {
        return of(400, message);
    }

    static HttpError methodNotAllowed(String allowed) {
        return new HttpError(405, "this path takes " + allowed, Map.of("Allow", allowed));
    }

    static HttpError tooLarge(long limit) {
        return of(
                413, "the body may have " + limit + " bytes at most; send fewer samples at a time, or binary tensors");
    }

    /** 413, after which clients and proxies do not retry; they would after 507. */
    static HttpError answerTooLarge(String what) {
        return of(
                413,
                what + "; ask for fewer outputs, send fewer samples at a time, or have the server started with a"
                        + " larger limit of answers");
    }

    static HttpError answerTooLarge(long limit) {
        return answerTooLarge("the answer would have more than " + limit + " bytes");
    }

    static HttpError unsupportedCoding(String coding) {
        return new HttpError(
                415,
                "bodies may be encoded as gzip or deflate, not as '" + coding + "'",
                Map.of("Accept-Encoding", "gzip, deflate"));
    }

    static HttpError tooManyRequests(int perSecond) {
        return new HttpError(429, "more than " + perSecond + " requests a second from one address; slow down", SOON);
    }

    /** 503, for what will be over soon. */
    public static HttpError overloaded(String what) {
        return new HttpError(503, what + "; try again soon", SOON);
    }

    /** The HTTP status that says what kind of error it is. */
    public int status() {
        return status;
    }

    HttpAnswer answer() {
        return HttpAnswer.json(status, Map.of("error", getMessage())).with(headers);
    }
}
