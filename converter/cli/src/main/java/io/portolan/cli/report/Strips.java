package io.portolan.cli.report;

import io.portolan.graphs.attribution.Plane;
import io.portolan.graphs.attribution.StepTerms;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A figure of the terms of states: for each a strip of maps, the steps from left to right. All strips of one state share a
 * scale, so that the terms that make it can be told from those that do not.
 *
 * @param steps maps in a strip
 */
record Strips(String title, String alt, int steps, List<Strip> strips) implements Figure {
    private static final int SMALLEST_FILE = 512;

    /**
     * A strip.
     *
     * @param label the symbol of a state or term
     * @param note the scale of a state, or empty
     * @param image its maps side by side
     */
    record Strip(String label, String note, BufferedImage image) {}

    static Strips of(String title, List<StepTerms.State> states) {
        List<Strip> strips = new ArrayList<>();
        for (StepTerms.State state : states) {
            Scale scale = Scale.symmetric(Stream.concat(Stream.of(state.maps()), terms(state))
                    .flatMap(maps -> maps.means().stream())
                    .toList());
            strips.add(new Strip(
                    state.terms().isEmpty() ? state.symbol() : state.symbol() + " is the sum of",
                    "blue " + Numbers.brief(scale.low()) + " to red " + Numbers.brief(scale.high()),
                    strip(state.maps(), scale)));
            state.terms().forEach(term -> strips.add(new Strip(term.symbol(), "", strip(term.maps(), scale))));
        }
        return new Strips(
                title,
                "For each state and each of its terms a strip of maps over the steps.",
                states.get(0).maps().steps(),
                strips);
    }

    private static Stream<StepTerms.Maps> terms(StepTerms.State state) {
        return state.terms().stream().map(StepTerms.Term::maps);
    }

    private static BufferedImage strip(StepTerms.Maps maps, Scale scale) {
        List<Plane> planes = maps.means();
        int width = maps.width() * maps.steps();
        float[] together = new float[maps.height() * width];
        for (int t = 0; t < maps.steps(); t++) {
            for (int row = 0; row < maps.height(); row++) {
                System.arraycopy(
                        planes.get(t).values(),
                        row * maps.width(),
                        together,
                        row * width + t * maps.width(),
                        maps.width());
            }
        }
        return Pictures.of(new Plane(maps.height(), width, together), scale);
    }

    @Override
    public String html() {
        return Templates.render("strips", this);
    }

    /** For the template. */
    List<Map<String, Object>> rows() {
        return strips.stream()
                .<Map<String, Object>>map(strip -> Map.of(
                        "label",
                        strip.label,
                        "note",
                        strip.note,
                        "alt",
                        title + ", " + strip.label,
                        "source",
                        Pictures.dataUri(strip.image),
                        "width",
                        strip.image.getWidth(),
                        "height",
                        strip.image.getHeight()))
                .toList();
    }

    @Override
    public Map<String, BufferedImage> pictures() {
        Map<String, BufferedImage> pictures = new LinkedHashMap<>();
        strips.forEach(strip -> pictures.put(strip.label, Pictures.enlarged(strip.image, SMALLEST_FILE)));
        return pictures;
    }
}
