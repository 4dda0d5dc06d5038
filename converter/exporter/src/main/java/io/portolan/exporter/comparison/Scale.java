package io.portolan.exporter.comparison;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The sizes of the bundled plan: the laboratory's table of a vision transformer, an hGRU and two CSSMs on Pathfinder. */
public enum Scale {
    /** Minutes for each run on two cores. */
    SMOKE,
    /** Hours for each run on two cores. */
    REDUCED,
    /** The published sizes: hours for each run on a GPU. */
    FULL;

    /** The plan. */
    public ComparisonPlan plan() {
        try {
            return ComparisonPlan.parse(json(), this + ".json");
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    /** The plan as JSON, to be edited. */
    public String json() {
        String name = "/comparison/" + this + ".json";
        try (InputStream in = Scale.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is missing: the build is incomplete");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The name as typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
