package io.portolan.server;

import java.util.Map;
import java.util.regex.Pattern;

/** A request that is answered with an HTTP error. The message says what is wrong and what to do, in one line. */
final class HttpError extends RuntimeException {
    private static final int LONGEST = 1000;

    /** Characters that break lines, turn the direction of writing or are none by themselves. */
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private static final Map<String, String> SOON = Map.of("Retry-After", "1");

    private final int status;
    private final transient Map<String, String> headers;

    private HttpError(int status, String message, Map<String, String> headers) {
        // No stack trace: it is no failure of this program, and there may be many.
        super(presentable(message), null, false, false);
        this.status = status;
        this.headers = headers;
    }

    /** One line, however long the names are that a client sent, and whatever is in them. */
    private static String presentable(String message) {
        String line = INVISIBLE.matcher(message).replaceAll(" ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    static HttpError of(int status, String message) {
        return new HttpError(status, message, Map.of());
    }

    static HttpError badRequest(String message) {
        return of(400, message);
    }

    static HttpError methodNotAllowed(String allowed) {
        return new HttpError(405, "this path takes " + allowed, Map.of("Allow", allowed));
    }

    static HttpError tooLarge(long limit) {
        return of(
                413, "the body may have " + limit + " bytes at most; send fewer samples at a time, or binary tensors");
    }

    /** 413, which clients and proxies know for what need not be tried again; 507 would have them try. */
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
                "bodies may be packed by gzip or deflate, not by '" + coding + "'",
                Map.of("Accept-Encoding", "gzip, deflate"));
    }

    static HttpError tooManyRequests(int perSecond) {
        return new HttpError(429, "more than " + perSecond + " requests a second from one address; slow down", SOON);
    }

    static HttpError overloaded(String what) {
        return new HttpError(503, what + "; try again soon", SOON);
    }

    HttpAnswer answer() {
        return HttpAnswer.json(status, Map.of("error", getMessage())).with(headers);
    }
}
