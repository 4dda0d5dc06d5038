package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.golden.GoldenCase;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Failures that only a separate process can show: a full disk, a closed pipe, and exhausted memory. */
@EnabledOnOs(OS.LINUX)
class ProcessTest {
    private static final String CHECKPOINT =
            GoldenCase.named("transformer_temporal_t1_36").checkpointFile().toString();

    private static final Path DEMO = Path.of("src/main/resources/demo");

    @TempDir
    private Path folder;

    private ProcessBuilder portolan(List<String> options, String... arguments) {
        List<String> command = JavaCommand.portolan(options, List.of(arguments));
        return new ProcessBuilder(command).redirectError(folder.resolve("err").toFile());
    }

    private String err() throws IOException {
        return Files.readString(folder.resolve("err"));
    }

    @Test
    void anOutputThatIsLostIsAFailure() throws IOException, InterruptedException {
        for (String[] arguments :
                new String[][] {{"inspect", CHECKPOINT}, {"--help"}, {"--version"}, {"inspect", CHECKPOINT, "--json"}
                }) {
            Process process = portolan(List.of(), arguments)
                    .redirectOutput(Redirect.to(Path.of("/dev/full").toFile()))
                    .start();
            assertThat(process.waitFor()).isEqualTo(1);
            assertThat(err()).isEqualTo("portolan: standard output: No space left on device\n");
        }
    }

    @Test
    void aClosedPipeEndsItQuietly() throws IOException, InterruptedException {
        Process process = portolan(List.of(), "inspect", CHECKPOINT)
                .redirectOutput(Redirect.PIPE)
                .start();
        process.getInputStream().close();
        assertThat(process.waitFor()).isEqualTo(StandardOutput.CLOSED_PIPE);
        assertThat(err()).isEmpty();
    }

    @Test
    void cellsAreInspectedWithoutTensorFlow() throws IOException, InterruptedException {
        Path loaded = folder.resolve("loaded");
        Process process = portolan(
                        List.of("-Xlog:class+load:file=" + loaded),
                        "inspect",
                        DEMO.resolve("checkpoint.pkl").toString(),
                        "--config",
                        DEMO.resolve("config.json").toString(),
                        "--gates",
                        "--kernels",
                        "--matrix")
                .redirectOutput(Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).as(err()).isZero();
        assertThat(loaded)
                .content()
                .contains("io.portolan.graphs.attribution.CellWeights")
                .doesNotContain("org.tensorflow.TensorFlow ", "org.tensorflow.internal.c_api", "org.bytedeco");
    }

    @Test
    void theEndOfMemoryIsOneLineWithTheWayOut() throws IOException, InterruptedException {
        Path file = folder.resolve("large.npy");
        String header = "\u0093NUMPY\1\0v\0{'descr': '>f4', 'fortran_order': False, 'shape': (20000000,), }";
        Files.writeString(file, header + " ".repeat(127 - header.length()) + "\n", StandardCharsets.ISO_8859_1);
        // Elements in the other order of bytes are copied.
        try (RandomAccessFile grown = new RandomAccessFile(file.toFile(), "rw")) {
            grown.setLength(128 + 80_000_000);
        }
        Process process = portolan(List.of("-Xmx40m"), "inspect", file.toString())
                .redirectOutput(Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(err())
                .startsWith("portolan: out of memory (Java heap space)")
                .contains("PORTOLAN_JAVA_OPTIONS=-Xmx")
                .hasLineCount(1);
    }

    @Test
    void whatUnpacksToMoreThanHalfOfTheMemoryIsRefusedBeforeItEnds() throws IOException, InterruptedException {
        Path file = folder.resolve("large.pkl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < 60; i++) {
                out.write(new byte[1 << 20]);
            }
        }
        Process process = portolan(List.of("-Xmx40m"), "inspect", file.toString())
                .redirectOutput(Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(err())
                .contains("expected at most half of the memory", "-Xmx")
                .hasLineCount(1);
    }

    @Test
    void errorsWithinOtherExceptionsAreToldApart() {
        assertThat(Failures.describe(new ExecutionException(new OutOfMemoryError("Java heap space"))))
                .contains("out of memory (Java heap space)", " MiB")
                .hasLineCount(1);
        assertThat(Failures.describe(new IllegalStateException(new StackOverflowError())))
                .contains("nested too deep", "-Xss")
                .doesNotContain("\tat ");
    }

    /** Whatever the command prints to. */
    @Test
    void aStreamThatFailsIsAFailureWithinAProcessToo() {
        PrintStream out = System.out;
        try {
            System.setOut(new PrintStream(
                    new OutputStream() {
                        @Override
                        public void write(int value) throws IOException {
                            throw new IOException("full");
                        }
                    },
                    true,
                    StandardCharsets.UTF_8));
            assertThat(Portolan.run("--version")).isEqualTo(1);
        } finally {
            System.setOut(out);
        }
    }
}
