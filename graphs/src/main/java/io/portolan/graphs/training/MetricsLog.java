package io.portolan.graphs.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.checkpoints.files.InputFile;
import io.portolan.checkpoints.files.OutputFile;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes every step and every evaluation as a line of {@value #CSV} and {@value #JSON_LINES}. Lines are flushed whole,
 * so that other programs can follow the files.
 */
public final class MetricsLog implements TrainingListener, Closeable {
    private static final String CSV = "metrics.csv";
    private static final String JSON_LINES = "metrics.jsonl";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final BufferedWriter csv;
    private final BufferedWriter jsonLines;

    private MetricsLog(BufferedWriter csv, BufferedWriter jsonLines) {
        this.csv = csv;
        this.jsonLines = jsonLines;
    }

    /**
     * Opens the files of a new or a resumed run; lines of steps that will be taken again are removed.
     *
     * @param steps taken so far
     * @param measured the step of the last evaluation
     */
    public static MetricsLog open(Path folder, long steps, long measured) throws IOException {
        List<MetricsRow> kept = read(folder).stream()
                .filter(row -> row.step() <= (row.isTraining() ? steps : measured))
                .toList();
        List<String> json = new ArrayList<>();
        for (MetricsRow row : kept) {
            json.add(MAPPER.writeValueAsString(row));
        }
        String lines = kept.stream().map(row -> row.toCsv() + "\n").collect(Collectors.joining());
        replace(folder.resolve(CSV), MetricsRow.HEADER + "\n" + lines);
        replace(folder.resolve(JSON_LINES), json.stream().map(row -> row + "\n").collect(Collectors.joining()));
        BufferedWriter csv = append(folder.resolve(CSV));
        try {
            return new MetricsLog(csv, append(folder.resolve(JSON_LINES)));
        } catch (IOException failure) {
            csv.close();
            throw failure;
        }
    }

    /** The lines of a run so far, without an incomplete last line. */
    static List<MetricsRow> read(Path folder) throws IOException {
        Path file = folder.resolve(JSON_LINES);
        List<MetricsRow> rows = new ArrayList<>();
        for (String line : Files.exists(file) ? Files.readAllLines(InputFile.require(file)) : List.<String>of()) {
            try {
                rows.add(MAPPER.readValue(line, MetricsRow.class));
            } catch (JsonProcessingException cutOff) {
                break;
            }
        }
        return rows;
    }

    @Override
    public void stepped(StepReport report) throws IOException {
        write(MetricsRow.of(report));
    }

    @Override
    public void evaluated(EvaluationReport report) throws IOException {
        if (report.validation().isPresent()) {
            write(MetricsRow.of(report, report.validation().get()));
        }
    }

    @Override
    public void close() throws IOException {
        try (csv) {
            jsonLines.close();
        }
    }

    private void write(MetricsRow row) throws IOException {
        csv.write(row.toCsv() + "\n");
        csv.flush();
        jsonLines.write(MAPPER.writeValueAsString(row) + "\n");
        jsonLines.flush();
    }

    private static void replace(Path file, String content) throws IOException {
        OutputFile.replace(file, out -> out.write(content.getBytes(StandardCharsets.UTF_8)));
    }

    private static BufferedWriter append(Path file) throws IOException {
        return Files.newBufferedWriter(file, StandardOpenOption.APPEND);
    }
}
