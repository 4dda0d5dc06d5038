package io.portolan.cli.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A connection to a browser by the Chrome DevTools Protocol. */
final class DevTools implements WebSocket.Listener, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SECONDS = 120;

    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final Map<String, BiConsumer<String, JsonNode>> listeners = new ConcurrentHashMap<>();
    private final StringBuilder message = new StringBuilder();
    private WebSocket socket;

    private DevTools() {}

    static DevTools connect(URI endpoint) throws IOException {
        DevTools tools = new DevTools();
        tools.socket = await(HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(endpoint, tools));
        return tools;
    }

    /** Names what is told of a session's events: method and parameters. */
    void listen(String session, BiConsumer<String, JsonNode> listener) {
        listeners.put(session, listener);
    }

    /**
     * Sends a command and waits for its result.
     *
     * @param session of a tab, or null for the browser as a whole
     * @throws IOException if the browser refuses, with its words
     */
    synchronized JsonNode send(String session, String method, Map<String, ?> parameters) throws IOException {
        int id = lastId.incrementAndGet();
        ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
        if (session != null) {
            command.put("sessionId", session);
        }
        command.set("params", JSON.valueToTree(parameters));
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        await(socket.sendText(command.toString(), true));
        JsonNode arrived = await(answer);
        if (arrived.has("error")) {
            throw new IOException(
                    method + ": " + arrived.path("error").path("message").asText());
        }
        return arrived.path("result");
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        message.append(data);
        if (last) {
            receive(message.toString());
            message.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        answers.values().forEach(answer -> answer.completeExceptionally(new IOException("the browser hung up")));
        return null;
    }

    @Override
    public void close() {
        socket.abort();
    }

    private void receive(String text) {
        try {
            JsonNode arrived = JSON.readTree(text);
            if (arrived.has("id")) {
                answers.remove(arrived.path("id").asInt()).complete(arrived);
            } else {
                listeners
                        .getOrDefault(arrived.path("sessionId").asText(), (method, parameters) -> {})
                        .accept(arrived.path("method").asText(), arrived.path("params"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T await(CompletableFuture<T> future) throws IOException {
        try {
            return future.get(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IOException("the browser did not answer", e);
        }
    }
}
