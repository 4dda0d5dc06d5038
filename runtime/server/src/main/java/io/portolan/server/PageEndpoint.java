package io.portolan.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The endpoint for the web page: files of one folder of the class path. */
final class PageEndpoint {
    private static final String FOLDER = "page/";
    private static final String INDEX = "index.html";

    /** A file name without folders, and not hidden. */
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*\\.([a-z0-9]+)");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=utf-8",
            "js", "text/javascript;charset=utf-8",
            "css", "text/css;charset=utf-8",
            "json", HttpAnswer.JSON,
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon");

    /** Headers that restrict the page to content and connections of this server. */
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
                    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "Cache-Control", "no-cache");

    private PageEndpoint() {}

    static void addTo(Router router) {
        router.route("GET", "/", Endpoint.immediate(call -> file(INDEX)));
        router.route(
                "GET",
                "/{file}",
                Endpoint.immediate(call -> file(call.parameters().get("file"))));
    }

    private static HttpAnswer file(String name) {
        Matcher known = FILE.matcher(name);
        String type = known.matches() ? TYPES.get(known.group(1)) : null;
        try (InputStream content = type == null ? null : PageEndpoint.class.getResourceAsStream(FOLDER + name)) {
            if (content == null) {
                throw HttpError.of(404, "there is no such file; the page is at /, the protocol at /v2");
            }
            return HttpAnswer.ok(type, content.readAllBytes()).with(HEADERS);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
