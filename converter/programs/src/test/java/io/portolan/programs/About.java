package io.portolan.programs;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What JAX said about a golden program: the lists of its {@code about.json}. */
public final class About {
    private static final Pattern ITEM = Pattern.compile("\"([^\"]*)\"|([0-9]+)");

    private final String json;

    private About(String json) {
        this.json = json;
    }

    /** What JAX said about a program. */
    public static About of(GoldenProgram golden) {
        return new About(new String(golden.bytes("about.json"), StandardCharsets.UTF_8));
    }

    /** The items of a list of texts or numbers. */
    public List<String> list(String name) {
        Matcher list = Pattern.compile("\"" + name + "\":\\s*\\[((?:\\s*(?:\"[^\"]*\"|[0-9]+),?)*)\\s*]")
                .matcher(json);
        if (!list.find()) {
            throw new IllegalStateException("there is no list " + name);
        }
        return ITEM.matcher(list.group(1))
                .results()
                .map(item -> item.group(1) == null ? item.group(2) : item.group(1))
                .toList();
    }

    /** Whether a word is a key. */
    public boolean has(String name) {
        return json.contains("\"" + name + "\"");
    }
}
