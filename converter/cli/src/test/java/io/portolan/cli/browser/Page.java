package io.portolan.cli.browser;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A page in a tab of a {@link Browser}. */
public final class Page {
    private final DevTools tools;
    private final String session;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    Page(DevTools tools) throws IOException {
        this.tools = tools;
        String target = tools.send(null, "Target.createTarget", Map.of("url", "about:blank"))
                .path("targetId")
                .asText();
        this.session = tools.send(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .asText();
        tools.listen(session, this::hear);
        for (String domain : List.of("Page", "Runtime", "Log")) {
            send(domain + ".enable", Map.of());
        }
    }

    void go(URI address) throws IOException {
        String failure = send("Page.navigate", Map.of("url", address.toString()))
                .path("errorText")
                .asText();
        if (!failure.isEmpty()) {
            throw new IOException(address + ": " + failure);
        }
        evaluate("new Promise(go => document.readyState === 'complete' ? go() : addEventListener('load', () => go()))");
    }

    /** Gives the page a window of this size, in CSS pixels. */
    public void resize(int width, int height) throws IOException {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Lets the page believe that its reader prefers dark colours, or light ones. */
    public void prefersDark(boolean dark) throws IOException {
        send(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** Shows the page as it is printed, or as on a screen again. */
    public void printed(boolean printed) throws IOException {
        send("Emulation.setEmulatedMedia", Map.of("media", printed ? "print" : "screen"));
    }

    /** Writes the page as a PDF file, on paper of the browser's usual size. */
    public void print(Path file) throws IOException {
        Files.write(
                file,
                Base64.getDecoder()
                        .decode(send("Page.printToPDF", Map.of()).path("data").asText()));
    }

    /** A key that does something in a page, by its name in events. */
    public enum Key {
        TAB("Tab", "", 9),
        SPACE(" ", " ", 32),
        RIGHT("ArrowRight", "", 39);

        private final String name;
        private final String text;
        private final int code;

        Key(String name, String text, int code) {
            this.name = name;
            this.text = text;
            this.code = code;
        }
    }

    /** Presses a key and lets it go. */
    public void press(Key key) throws IOException {
        for (String type : List.of("keyDown", "keyUp")) {
            send(
                    "Input.dispatchKeyEvent",
                    Map.of(
                            "type",
                            type,
                            "key",
                            key.name,
                            "text",
                            type.equals("keyDown") ? key.text : "",
                            "windowsVirtualKeyCode",
                            key.code));
        }
    }

    /** Presses the mouse at the first place, in CSS pixels of the window, draws it over the others, and lets go at the last. */
    public void drag(List<double[]> places) throws IOException {
        mouse("mousePressed", places.get(0));
        for (double[] place : places) {
            mouse("mouseMoved", place);
        }
        mouse("mouseReleased", places.get(places.size() - 1));
    }

    private void mouse(String type, double[] place) throws IOException {
        send(
                "Input.dispatchMouseEvent",
                Map.of("type", type, "x", place[0], "y", place[1], "button", "left", "buttons", 1, "clickCount", 1));
    }

    /**
     * What a JavaScript expression comes to in the page; a promise is waited for.
     *
     * @throws IOException if the expression throws, with what it threw
     */
    public JsonNode evaluate(String expression) throws IOException {
        JsonNode answer = send(
                "Runtime.evaluate",
                Map.of("expression", expression, "awaitPromise", true, "returnByValue", true, "userGesture", true));
        if (answer.has("exceptionDetails")) {
            throw new IOException(said(answer.path("exceptionDetails")));
        }
        return answer.path("result").path("value");
    }

    /** Errors and warnings on the console so far, uncaught exceptions and files that did not load among them. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Writes what the window shows as a PNG file. */
    public void screenshot(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(
                file,
                Base64.getDecoder()
                        .decode(send("Page.captureScreenshot", Map.of("format", "png"))
                                .path("data")
                                .asText()));
    }

    private JsonNode send(String method, Map<String, ?> parameters) throws IOException {
        return tools.send(session, method, parameters);
    }

    private void hear(String method, JsonNode event) {
        switch (method) {
            case "Runtime.exceptionThrown" -> complaints.add(said(event.path("exceptionDetails")));
            case "Runtime.consoleAPICalled" ->
                complain(event.path("type").asText(), event.path("args").toString());
            case "Log.entryAdded" ->
                complain(
                        event.at("/entry/level").asText(),
                        event.at("/entry/text").asText() + " "
                                + event.at("/entry/url").asText());
            default -> {}
        }
    }

    private void complain(String level, String text) {
        if (level.equals("error") || level.equals("warning") || level.equals("assert")) {
            complaints.add(level + ": " + text);
        }
    }

    private static String said(JsonNode details) {
        return details.path("exception")
                .path("description")
                .asText(details.path("text").asText());
    }
}
