package io.portolan.cli.browser;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The page of a classifier as a person uses it, whoever classifies behind it. */
public final class ClassifierPage {
    /** Ends when the page is busy no more; to be asked for before what makes it busy. */
    private static final String SETTLED = """
            new Promise((done) => {
              const section = document.getElementById("verdict");
              new MutationObserver((_, observer) => {
                if (section.getAttribute("aria-busy") === "false") { observer.disconnect(); done(); }
              }).observe(section, { attributes: true, attributeFilter: ["aria-busy"] });
            })""";

    private final Page page;

    /** What the page says: the sentence, and the logits as it writes them. */
    public record Verdict(String sentence, List<Double> logits, String cost) {}

    private ClassifierPage(Page page) {
        this.page = page;
    }

    public static ClassifierPage open(Browser browser, URI address) throws IOException {
        Page page = browser.open(address);
        page.evaluate("document.getElementById('verdict').getAttribute('aria-busy') === 'false' || " + SETTLED);
        return new ClassifierPage(page);
    }

    /** Lets a file fall on the page. */
    public Verdict drop(Path file) throws IOException {
        String bytes = Base64.getEncoder().encodeToString(Files.readAllBytes(file));
        page.evaluate("""
                (() => {
                  const settled = %s;
                  const bytes = Uint8Array.from(atob("%s"), (letter) => letter.charCodeAt(0));
                  const dataTransfer = new DataTransfer();
                  dataTransfer.items.add(new File([bytes], "%s", { type: "%s" }));
                  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
                  return settled;
                })()""".formatted(SETTLED, bytes, file.getFileName(), Files.probeContentType(file)));
        return verdict();
    }

    /** Chooses a tool and draws with the mouse through places of the pad, each between 0 and 1. */
    public Verdict draw(String tool, double[]... places) throws IOException {
        page.evaluate("document.querySelector('input[value=%s]').click()".formatted(tool));
        page.evaluate("document.getElementById('pad').scrollIntoView()");
        JsonNode pad = page.evaluate("document.getElementById('pad').getBoundingClientRect().toJSON()");
        List<double[]> points = new ArrayList<>();
        for (double[] place : places) {
            points.add(new double[] {
                pad.get("left").asDouble() + place[0] * pad.get("width").asDouble(),
                pad.get("top").asDouble() + place[1] * pad.get("height").asDouble()
            });
        }
        page.evaluate("void (window.settled = %s)".formatted(SETTLED));
        page.drag(points);
        page.evaluate("window.settled");
        return verdict();
    }

    /** Presses keys on the pad, the last of which ends a stroke. */
    public Verdict type(String... keys) throws IOException {
        page.evaluate("void (window.settled = %s)".formatted(SETTLED));
        for (String key : keys) {
            page.evaluate(
                    "document.getElementById('pad').dispatchEvent(new KeyboardEvent('keydown', { key: '%s', shiftKey: true }))"
                            .formatted(key));
        }
        page.evaluate("window.settled");
        return verdict();
    }

    /** Clicks on something that makes the page classify. */
    public Verdict click(String selector) throws IOException {
        page.evaluate("(() => { const settled = %s; document.querySelector('%s').click(); return settled; })()"
                .formatted(SETTLED, selector));
        return verdict();
    }

    public Verdict verdict() throws IOException {
        List<Double> logits = new ArrayList<>();
        page.evaluate("[...document.querySelectorAll('td.number')].map((cell) => Number(cell.textContent))")
                .forEach(logit -> logits.add(logit.asDouble()));
        return new Verdict(text("label"), logits, text("cost"));
    }

    /** What is on the pad, as a PNG file. */
    public Path picture(Path file) throws IOException {
        String url = page.evaluate("document.getElementById('pad').toDataURL('image/png')")
                .asText();
        return Files.write(file, Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1)));
    }

    /** Looks at the page on a desk and, in the dark, on a phone. */
    public void photograph(String name) throws IOException {
        Path folder = Path.of("target", "screenshots");
        page.evaluate("scrollTo(0, 0)");
        page.resize(1100, 900);
        page.screenshot(folder.resolve(name + ".png"));
        page.resize(390, 900);
        page.prefersDark(true);
        page.screenshot(folder.resolve(name + "-phone-dark.png"));
    }

    /** What sticks out of a window that is as narrow as the narrowest phone's. */
    public List<String> tooWideForAPhone() throws IOException {
        page.resize(320, 700);
        List<String> wide = new ArrayList<>();
        page.evaluate("""
                [...document.body.querySelectorAll("*")]
                  .filter((element) => element.getBoundingClientRect().right > 320)
                  .map((element) => element.outerHTML.slice(0, 100))""").forEach(element -> wide.add(element.asText()));
        return wide;
    }

    public List<String> complaints() {
        return page.complaints();
    }

    private String text(String id) throws IOException {
        return page.evaluate("document.getElementById('%s').textContent".formatted(id))
                .asText();
    }
}
