package io.portolan.exporter.comparison;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.portolan.checkpoints.files.InputFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Models to be trained on the same data with the same budget.
 *
 * @param title of the table
 * @param data the name of the data, as in {@link io.portolan.graphs.data.DataSource}
 * @param imageSize side of the images in pixels, unless a model states its own
 * @param seeds of initial weights and shuffles; each model is trained once with each
 * @param budget of each run
 * @param models in the order of the table
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ComparisonPlan(
        String title, String data, Integer imageSize, List<Long> seeds, Budget budget, List<Competitor> models) {
    /** The largest size of a plan in bytes. */
    private static final int LONGEST = 1 << 20;

    private static final int MOST = 1000;

    /** @throws IllegalArgumentException if something is missing, or two models have one name */
    public ComparisonPlan {
        title = Objects.requireNonNullElse(title, "Comparison of models");
        require(data, "data");
        require(imageSize, "image_size");
        require(budget, "budget");
        if (imageSize < 1) {
            throw new IllegalArgumentException("image_size is " + imageSize + "; expected 1 or more");
        }
        seeds = several("seeds", seeds);
        models = several("models", models);
        Set<String> folders = new HashSet<>();
        for (Competitor model : models) {
            if (!folders.add(model.folder())) {
                throw new IllegalArgumentException("two models have the name '" + model.name() + "'");
            }
        }
        if (new HashSet<>(seeds).size() < seeds.size()) {
            throw new IllegalArgumentException("seeds has one seed twice");
        }
    }

    /**
     * Reads a plan.
     *
     * @throws IOException if the file cannot be read or is not a plan; the message names the field
     */
    public static ComparisonPlan read(Path file) throws IOException {
        return parse(InputFile.text(file, LONGEST), file.toString());
    }

    /**
     * Parses a plan.
     *
     * @param origin the name of the source in error messages
     * @throws IOException if the text is not a plan; the message names the field
     */
    public static ComparisonPlan parse(String json, String origin) throws IOException {
        return PlanJson.parse(json, origin);
    }

    private static void require(Object value, String name) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
    }

    private static <T> List<T> several(String name, List<T> values) {
        require(values, name);
        if (values.isEmpty() || values.size() > MOST || values.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException(
                    name + " has " + values.size() + " entries; expected 1 to " + MOST + ", none of them null");
        }
        return List.copyOf(values);
    }
}
