package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server as a process. */
@Timeout(120)
class ServeCommandTest {
    private static final int CLIENTS = 40;
    private static final String REQUEST =
            "{\"inputs\": [{\"name\": \"in\", \"shape\": [1, 5], \"datatype\": \"FP32\", \"data\": [1, 2, 3, 4, 5]}]}";

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no such signals")
    void sigtermEndsTheProcessWhenAllRequestsAreAnswered() throws Exception {
        NegationModel.save(folder.resolve("negation.onnx"), 1);
        // A batch that never fills holds the requests for two seconds.
        Process process = start(
                "negation.onnx",
                "--port",
                "0",
                "--grpc-port",
                "0",
                "--json",
                "--max-batch",
                "1000",
                "--max-wait",
                "2000");
        try (BufferedReader out = process.inputReader()) {
            JsonNode announced = new ObjectMapper().readTree(out.readLine());
            assertThat(announced.at("/models/0").asText()).isEqualTo("negation");
            new Socket("127.0.0.1", announced.get("grpc_port").asInt()).close();
            assertThat(announced.get("pid").asLong()).isEqualTo(process.pid());
            URI server = URI.create(announced.get("url").asText());
            assertThat(get(server.resolve("/v2/health/ready")).statusCode()).isEqualTo(200);

            List<CompletableFuture<HttpResponse<String>>> calls =
                    IntStream.range(0, CLIENTS).mapToObj(i -> infer(server)).toList();
            String all = "portolan_body_bytes " + (double) CLIENTS * REQUEST.length();
            while (get(server.resolve("/metrics")).body().lines().noneMatch(all::equals)) {
                Thread.sleep(20);
            }
            process.destroy();

            assertThat(calls).extracting(call -> call.join().statusCode()).containsOnly(200);
            assertThat(calls)
                    .extracting(call -> call.join().body())
                    .allMatch(body -> body.contains("[-1.0,-2.0,-3.0,-4.0,-5.0]"));
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThatThrownBy(() -> get(server)).isInstanceOf(ConnectException.class);
        } finally {
            process.destroyForcibly();
        }
        assertThat(folder.resolve("err.txt"))
                .content()
                .isEqualTo("portolan: answering pending requests ..." + System.lineSeparator() + "portolan: stopped"
                        + System.lineSeparator());
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        String model = NegationModel.save(folder.resolve("m.onnx"), 1).toString();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Outcome refused = Outcome.of("serve", model, "--port", Integer.toString(taken.getLocalPort()));
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("cannot listen on port " + taken.getLocalPort() + " of 127.0.0.1", "choose another port")
                    .doesNotContain("internal error");
        }
    }

    @Test
    void filesThatCannotBeServedAreNamed() throws IOException {
        Path letter = Files.writeString(folder.resolve("letter.onnx"), "Dear reader");
        Outcome refused = Outcome.of("serve", letter.toString(), "--port", "0");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("letter.onnx: not an ONNX file");
        Outcome absent = Outcome.of("serve", folder.resolve("absent.onnx").toString());
        assertThat(absent.code()).isEqualTo(1);
        assertThat(absent.err()).contains("absent.onnx: no such file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--port=65536",
                "--port=x",
                "--grpc-port=65536",
                "--max-batch=0",
                "--max-wait=-1",
                "--max-request-size=0",
                "--max-request-size=100000",
                "--max-answer-size=0",
                "--max-answer-size=2000",
                "--rate-limit=-1",
                "--max-connections=0",
                "--queue=0",
                "--drain-timeout=-1",
                "--threads=-1",
                "--device=abacus",
                "--name=a/b",
                "--name=a --name=b"
            })
    void optionsThatMakeNoSenseAreWrongUsage(String options) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("serve", NegationModel.save(folder.resolve("m.onnx"), 1).toString()));
        arguments.addAll(List.of(options.split(" ")));
        assertThat(Outcome.of(arguments.toArray(String[]::new)).code()).isEqualTo(2);
    }

    @Test
    void modelsOfOneNameAreAskedForOthers() throws IOException {
        String model = NegationModel.save(folder.resolve("m.onnx"), 1).toString();
        Outcome refused = Outcome.of("serve", model, model);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("two models are called 'm'", "--name");
    }

    @Test
    void namesOfTheServerAreAllowed() throws Exception {
        NegationModel.save(folder.resolve("negation.onnx"), 1);
        Process process = start("negation.onnx", "--port", "0", "--json", "--allowed-host", "models.example");
        try (BufferedReader out = process.inputReader()) {
            URI server = URI.create(
                    new ObjectMapper().readTree(out.readLine()).get("url").asText());
            for (Map.Entry<String, Integer> origin : Map.of("https://models.example", 200, "https://evil.example", 403)
                    .entrySet()) {
                assertThat(http.send(
                                        HttpRequest.newBuilder(server.resolve("/v2/models/negation/infer"))
                                                .header("Origin", origin.getKey())
                                                .POST(BodyPublishers.ofString(REQUEST))
                                                .build(),
                                        BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(origin.getValue());
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("serve"));
        words.addAll(List.of(arguments));
        return new ProcessBuilder(JavaCommand.portolan(List.of(), words))
                .directory(folder.toFile())
                .redirectError(folder.resolve("err.txt").toFile())
                .start();
    }

    private CompletableFuture<HttpResponse<String>> infer(URI server) {
        return http.sendAsync(
                HttpRequest.newBuilder(server.resolve("/v2/models/negation/infer"))
                        .version(HttpClient.Version.HTTP_1_1)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(REQUEST))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
