package io.portolan.cli.compatibility;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_dnn;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_dnn.Net;

/** The process in which OpenCV runs, of whatever version is on the class path: some models crash it. */
final class OpenCvWorker {
    private static final ObjectMapper JSON = new ObjectMapper();

    private OpenCvWorker() {}

    /** The command that starts it. */
    static List<String> command(String classPath) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        // Crashes are expected here, so their reports are not of interest.
        command.addAll(List.of("-XX:+SuppressFatalErrorMessage", "-cp", classPath, OpenCvWorker.class.getName()));
        return command;
    }

    public static void main(String[] arguments) throws IOException {
        say(JSON.createObjectNode().put("version", opencv_core.CV_VERSION));
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            say(answer(JSON.readTree(line)));
        }
    }

    private static void say(ObjectNode answer) {
        System.out.println(answer);
    }

    private static ObjectNode answer(JsonNode request) throws IOException {
        int[] shape = JSON.convertValue(request.path("shape"), int[].class);
        byte[] bytes = Files.readAllBytes(Path.of(request.path("input").asText()));
        try (Mat input = new Mat(shape.length, shape, opencv_core.CV_32F);
                Net net = opencv_dnn.readNetFromONNX(request.path("model").asText())) {
            new BytePointer(input.data()).put(bytes);
            Engine.Answer answer = Measurement.of(() -> run(net, input));
            ObjectNode said = JSON.createObjectNode().put("milliseconds", answer.milliseconds());
            said.set("logits", JSON.valueToTree(answer.logits()));
            return said;
        } catch (RuntimeException refused) {
            return JSON.createObjectNode().put("refused", refused.getMessage());
        }
    }

    private static float[] run(Net net, Mat input) {
        net.setInput(input);
        try (Mat output = net.forward()) {
            float[] logits = new float[(int) output.total()];
            new FloatPointer(output.data()).get(logits);
            return logits;
        }
    }
}
