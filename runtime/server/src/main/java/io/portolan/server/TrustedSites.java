package io.portolan.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;

/**
 * Prevents web pages of other sites from using this server through a browser: by cross-site requests, or by a host name
 * that resolves to it (DNS rebinding).
 */
final class TrustedSites {
    private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}|\\[.*]");
    private static final Pattern PORT = Pattern.compile(":[0-9]*$");
    private static final Pattern USUAL_PORT = Pattern.compile(":(80|443)?$");
    private static final Set<String> READING =
            Set.of(HttpMethod.GET.asString(), HttpMethod.HEAD.asString(), HttpMethod.OPTIONS.asString());
    private static final Set<String> ELSEWHERE = Set.of("cross-site", "same-site");
    private static final String ADVICE =
            "; if it is a name of this server, add it to the allowed hosts when the server is started";

    private final String listening;
    private final Set<String> allowed;
    private final boolean anyHost;

    /**
     * @param listening the address that the server listens on
     * @param allowed names of the server, with or without a port
     */
    TrustedSites(String listening, Set<String> allowed) {
        this.listening = listening.toLowerCase(Locale.ROOT);
        this.allowed =
                allowed.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        this.anyHost = allowed.isEmpty() && !isLoopback(listening);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException later) {
            // The server cannot listen on such an address either.
            return true;
        }
    }

    /** @throws HttpError if a request comes from a page of another site */
    void require(Request request) {
        String host = header(request, HttpHeader.HOST);
        if (host != null && !anyHost && !isOurs(host)) {
            throw HttpError.of(403, "this server does not answer to the host name '" + host + "'" + ADVICE);
        }
        if (READING.contains(request.getMethod())) {
            return;
        }
        String origin = header(request, HttpHeader.ORIGIN);
        String site = request.getHeaders().get("Sec-Fetch-Site");
        if (origin != null ? !isSame(origin, host) : site != null && ELSEWHERE.contains(site)) {
            throw HttpError.of(
                    403,
                    "pages of another site (" + (origin == null ? site : origin) + ") may not use this server"
                            + ADVICE);
        }
    }

    private static String header(Request request, HttpHeader header) {
        String value = request.getHeaders().get(header);
        return value == null || value.isBlank() ? null : value.strip().toLowerCase(Locale.ROOT);
    }

    /** Names without a dot are local to this machine and its network; public web pages cannot have them. */
    private boolean isOurs(String authority) {
        String name = PORT.matcher(authority).replaceFirst("");
        return ADDRESS.matcher(name).matches()
                || name.indexOf('.') < 0
                || name.endsWith(".localhost")
                || name.equals(listening)
                || allowed.contains(name)
                || allowed.contains(authority);
    }

    /** Compares hosts but not schemes, because a proxy may use TLS towards the browser. */
    private boolean isSame(String origin, String host) {
        int scheme = origin.indexOf("://");
        if (scheme < 0) {
            return false;
        }
        String authority = origin.substring(scheme + 3);
        return host != null && usual(authority).equals(usual(host))
                || allowed.contains(authority)
                || allowed.contains(PORT.matcher(authority).replaceFirst(""));
    }

    private static String usual(String authority) {
        return USUAL_PORT.matcher(authority).replaceFirst("");
    }
}
