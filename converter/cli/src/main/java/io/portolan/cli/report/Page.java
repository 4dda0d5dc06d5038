package io.portolan.cli.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A self-contained HTML page.
 *
 * @param heading what the page is
 * @param name what it is about
 * @param footer the tool and options that created the page
 */
record Page(String heading, String name, List<Section> sections, String footer) {
    String html() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("heading", heading);
        data.put("name", name);
        data.put("style", Templates.text("style.css"));
        data.put("script", Templates.text("script.js"));
        data.put("sections", sections);
        data.put("footer", footer);
        return Templates.render("page", data);
    }
}
