package io.portolan.cli.report;

import io.portolan.checkpoints.files.OutputFile;
import io.portolan.graphs.config.ModelConfig;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The report as a self-contained HTML page, and its figures as files. */
public final class ReportPage {
    private static final List<Function<Explanation, Section>> SECTIONS = List.of(
            PredictionSection::of,
            ModelSection::of,
            GateSection::of,
            KernelSection::of,
            TemporalSection::of,
            MechanismSection::of,
            IntegratedSection::of,
            AttentionSection::of,
            TermSection::of,
            StateSection::of);

    private final String heading;
    private final String name;
    private final List<Section> sections;

    public ReportPage(Explanation explanation) {
        this.heading = "Explanation of the model";
        this.name = explanation.name();
        this.sections = shown(
                SECTIONS.stream().map(section -> section.apply(explanation)).toList());
    }

    /**
     * Requires two models that one page can show side by side, before they are explained.
     *
     * @throws io.portolan.graphs.config.ConfigException if they have different cells, classes or sizes
     */
    public static void requireOneKind(String firstName, ModelConfig first, String secondName, ModelConfig second) {
        ExplanationComparison.requireOneKind(firstName, first, secondName, second);
    }

    /**
     * A page that shows two checkpoints of one kind of model side by side, on the same images.
     *
     * @throws io.portolan.graphs.config.ConfigException if the models have different cells, classes or sizes
     */
    public ReportPage(Explanation first, Explanation second) {
        this.heading = "Two checkpoints compared";
        this.name = first.name() + " and " + second.name();
        this.sections = shown(new ExplanationComparison(first, second).sections());
    }

    /** Those of which a model has something to show. */
    private static List<Section> shown(List<Section> sections) {
        return sections.stream().filter(section -> !section.blocks().isEmpty()).toList();
    }

    /** @param footer the tool and options that created the page */
    public String html(String footer) {
        return new Page(heading, name, sections, footer).html();
    }

    /** Writes the page, whole or not at all. */
    public void write(OutputFile file, String footer) throws IOException {
        file.write(html(footer).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes every figure as PNG files to a folder, which is created if it does not exist. Existing files are replaced.
     * Charts are omitted if Java finds no fonts.
     *
     * @return the files
     */
    public List<Path> writePictures(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<Path> files = new ArrayList<>();
        for (Section section : sections) {
            for (Figure figure : section.figures()) {
                for (Map.Entry<String, BufferedImage> picture :
                        figure.pictures().entrySet()) {
                    Path file = folder.resolve(fileName(section.id(), figure.title(), picture.getKey()));
                    OutputFile.replace(file, out -> out.write(Pictures.png(picture.getValue())));
                    files.add(file);
                }
            }
        }
        return files;
    }

    /** Lower case, with hyphens for anything but letters and digits. */
    private static String fileName(String... parts) {
        String joined = String.join("-", parts).toLowerCase(Locale.ROOT);
        return joined.replaceAll("[^\\p{L}\\p{N}]+", "-").replaceAll("^-|-$", "") + ".png";
    }
}
