package io.portolan.cli.compatibility;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.onnx.OnnxWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * An engine in a process of its own, which says its version and then answers requests, all in lines of JSON. A model that makes the
 * process crash is refused by it, and the next one finds a new process.
 */
final class WorkerEngine implements Engine {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final List<String> command;
    private final Path folder;
    private final String version;
    private Process process;
    private BufferedReader answers;
    private Writer requests;

    private WorkerEngine(String name, List<String> command, Path folder) throws IOException {
        this.name = name;
        this.command = command;
        this.folder = folder;
        this.version = start();
    }

    /**
     * Starts a worker.
     *
     * @param folder where it works
     */
    static Engine start(String name, List<String> command, Path folder) throws IOException {
        return new WorkerEngine(name, command, folder);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public Answer run(Path model, Sample sample) throws IOException {
        ObjectNode request = JSON.createObjectNode()
                .put("model", model.toAbsolutePath().toString())
                .put("input", sample.file().toAbsolutePath().toString())
                .put("reshape", reshape(sample).toAbsolutePath().toString());
        request.set("shape", JSON.valueToTree(sample.shape()));
        requests.write(request + "\n");
        requests.flush();
        JsonNode answer = nextLine();
        if (answer == null) {
            int code = end();
            start();
            throw new RefusalException("the process ended with exit code " + code);
        }
        return answer(answer);
    }

    /** Reads an answer of an engine that speaks JSON. */
    static Answer answer(JsonNode answer) {
        if (answer.has("refused")) {
            throw new RefusalException(answer.path("refused").asText());
        }
        float[] logits = new float[answer.path("logits").size()];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) answer.path("logits").get(i).asDouble();
        }
        return new Answer(logits, answer.path("milliseconds").asDouble());
    }

    /** A model that gives an image of one channel the shape of the sample, for engines whose own means do not. */
    private static Path reshape(Sample sample) throws IOException {
        long[] shape = sample.shape();
        OnnxGraph graph = new OnnxGraph("reshape");
        GraphBuilder b = new GraphBuilder(graph);
        long columns = Arrays.stream(shape).skip(2).reduce(1, Math::multiplyExact);
        TensorType image = new TensorType(OnnxType.FLOAT, TensorShape.of(1, 1, shape[1], columns));
        graph.bindOutput("shaped", b.reshape(graph.addInput("image", image), shape));
        return Files.write(
                sample.file().resolveSibling(sample.file().getFileName() + ".reshape.onnx"),
                OnnxWriter.write(graph, Map.of()).toByteArray());
    }

    private String start() throws IOException {
        Files.createDirectories(folder);
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(folder.resolve("errors.txt").toFile())
                .start();
        answers = process.inputReader();
        requests = process.outputWriter();
        JsonNode greeting = nextLine();
        if (greeting == null) {
            throw new IOException(
                    String.join(" ", command) + " ended at once: " + Files.readString(folder.resolve("errors.txt")));
        }
        return greeting.path("version").asText();
    }

    /** The next line of JSON, or null if the process has ended; what libraries say in between is passed over. */
    private JsonNode nextLine() throws IOException {
        String line = answers.readLine();
        while (line != null && !line.startsWith("{")) {
            line = answers.readLine();
        }
        return line == null ? null : JSON.readTree(line);
    }

    private int end() throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        requests.close();
        end();
    }
}
