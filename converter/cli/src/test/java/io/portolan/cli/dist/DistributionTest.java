package io.portolan.cli.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The archives of {@code mvn -Pdist verify}, unpacked, without Maven, without a network, and in a folder with an inconvenient name. */
@Tag("dist")
@EnabledOnOs(OS.LINUX)
class DistributionTest {
    private static final Path ARCHIVES = Path.of(System.getProperty("dist.folder", "target/dist"));
    private static final String NAME = System.getProperty("dist.name", "portolan");

    /** What a minimal system has; neither Java nor Maven. */
    private static final List<String> TOOLS =
            List.of("bash", "env", "dirname", "readlink", "uname", "tput", "head", "grep", "sleep");

    @TempDir
    private static Path scratch;

    private static Path withYourJava;
    private static Path withOwnJava;
    private static Path tools;

    @BeforeAll
    static void unpack() throws IOException, InterruptedException {
        Path folder = Files.createDirectory(scratch.resolve("ü and spaces"));
        withYourJava = unpacked(folder, NAME + ".tar.gz", NAME);
        withOwnJava = unpacked(folder, NAME + "-java.tar.gz", NAME + "-java");
        tools = Files.createDirectory(scratch.resolve("tools"));
        for (String tool : TOOLS) {
            Path found = Path.of("/usr/bin", tool);
            if (Files.exists(found)) {
                Files.createSymbolicLink(tools.resolve(tool), found);
            }
        }
    }

    private static Path unpacked(Path folder, String archive, String root) throws IOException, InterruptedException {
        run(
                folder,
                Map.of("PATH", "/usr/bin:/bin"),
                "tar",
                "xzf",
                ARCHIVES.resolve(archive).toAbsolutePath().toString());
        return folder.resolve(root);
    }

    @Test
    void theDemoRunsOfflineWithAnyJava() throws IOException, InterruptedException {
        assertDemoRuns(withYourJava, System.getProperty("java.home"));
    }

    @Test
    void theDemoRunsOfflineWithItsOwnJava() throws IOException, InterruptedException {
        assertDemoRuns(withOwnJava, "");
    }

    private void assertDemoRuns(Path distribution, String javaHome) throws IOException, InterruptedException {
        String output = portolan(distribution, javaHome, "demo", "-o", "ergebnis ü");
        assertThat(output)
                .contains("accepted by the ONNX checker", "made from this checkpoint")
                .containsPattern("connected_0\\.png +connected")
                .doesNotContain("WARNING", "DIFFERS");
        assertThat(scratch.resolve("ergebnis ü/model.onnx")).isRegularFile();
    }

    @Test
    void itIsWhole() throws IOException, InterruptedException {
        for (Path distribution : List.of(withYourJava, withOwnJava)) {
            assertThat(distribution)
                    .isDirectoryContaining("glob:**/LICENSE")
                    .isDirectoryContaining("glob:**/NOTICE")
                    .isDirectoryContaining("glob:**/Dockerfile")
                    .isDirectoryContaining("glob:**/CHANGELOG.md");
            assertThat(distribution.resolve("docs/serve.md")).isRegularFile();
            assertThat(distribution.resolve("share/bash-completion/completions/portolan"))
                    .isRegularFile();
            assertThat(Files.readString(distribution.resolve("bin/portolan.cmd")))
                    .contains("io.portolan.cli.Portolan %*\r\n");
            try (Stream<Path> jars = Files.list(distribution.resolve("lib"))) {
                assertThat(jars.map(Path::getFileName).map(Path::toString))
                        .noneMatch(
                                name -> name.contains("SNAPSHOT") || name.contains("junit") || name.contains("opencv"));
            }
        }
        // What "ls" lists in a zip, with the permission to be started.
        assertThat(run(scratch, Map.of("PATH", "/usr/bin:/bin"), "unzip", "-Z", zip()))
                .containsPattern("-rwxr-xr-x .*" + NAME + "/bin/portolan\n");
    }

    @Test
    void everyCommandHasAPageOfTheManual() throws IOException, InterruptedException {
        Path manual = withYourJava.resolve("share/man/man1");
        String help = portolan(withYourJava, System.getProperty("java.home"), "help");
        Matcher command = Pattern.compile("(?m)^  ([a-z0-9]+) +[A-Z]").matcher(help);
        List<String> pages = new ArrayList<>();
        while (command.find()) {
            pages.add("portolan-" + command.group(1) + ".1");
        }
        assertThat(pages).hasSizeGreaterThan(15);
        assertThat(pages).allSatisfy(page -> assertThat(manual.resolve(page)).isNotEmptyFile());
    }

    @Test
    void doctorFindsTheMachineWell() throws IOException, InterruptedException {
        assertThat(portolan(withOwnJava, "", "doctor")).contains("Everything works");
    }

    /** Docker is not needed: what its image lacks is removed here, and what it runs to see whether the server is well is run. */
    @Test
    void theServerNeedsOnlyWhatTheImageOfDockerHolds() throws IOException, InterruptedException {
        Path image = scratch.resolve("image");
        run(scratch, Map.of("PATH", "/usr/bin:/bin"), "cp", "-r", withOwnJava.toString(), image.toString());
        String dockerfile = Files.readString(image.resolve("Dockerfile"));
        Matcher removal = Pattern.compile("RUN rm (.+)").matcher(dockerfile);
        assertThat(removal.find()).isTrue();
        run(
                image,
                Map.of("PATH", "/usr/bin:/bin"),
                "bash",
                "-c",
                "rm " + removal.group(1).replace("/opt/portolan", image.toString()));
        portolan(withOwnJava, "", "demo", "-o", "served");
        int port = freePort();
        Process server = start(
                scratch,
                environment(""),
                List.of(
                        image.resolve("bin/portolan").toString(),
                        "serve",
                        "served/model.onnx",
                        "--port",
                        Integer.toString(port)));
        try {
            Matcher health =
                    Pattern.compile("CMD \\[\"bash\", \"-c\", \"(.+)\"]").matcher(dockerfile);
            assertThat(health.find()).isTrue();
            String probe =
                    health.group(1).replace("8080", Integer.toString(port)).replace("\\\\", "\\");
            assertThat(isEventuallyHealthy(probe, server)).isTrue();
        } finally {
            server.destroy();
            assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static boolean isEventuallyHealthy(String probe, Process server) throws IOException, InterruptedException {
        for (int i = 0; i < 60 && server.isAlive(); i++) {
            Process asked = start(scratch, environment(""), List.of("bash", "-c", probe));
            if (asked.waitFor() == 0) {
                return true;
            }
            Thread.sleep(500);
        }
        return false;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String zip() {
        return ARCHIVES.resolve(NAME + ".zip").toAbsolutePath().toString();
    }

    private static Map<String, String> environment(String javaHome) {
        Map<String, String> bare = Map.of("PATH", tools.toString(), "HOME", scratch.toString(), "LANG", "C");
        if (javaHome.isEmpty()) {
            return bare;
        }
        return Map.of("PATH", tools.toString(), "HOME", scratch.toString(), "LANG", "C", "JAVA_HOME", javaHome);
    }

    /** Without a network, where the system lets tests take it away. */
    private static String portolan(Path distribution, String javaHome, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (start(scratch, Map.of("PATH", "/usr/bin:/bin"), List.of("/usr/bin/unshare", "-n", "true"))
                        .waitFor()
                == 0) {
            command.addAll(List.of("/usr/bin/unshare", "-n"));
        }
        command.add(distribution.resolve("bin/portolan").toString());
        command.addAll(List.of(arguments));
        return run(scratch, environment(javaHome), command.toArray(String[]::new));
    }

    private static String run(Path folder, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Process process = start(folder, environment, List.of(command));
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static Process start(Path folder, Map<String, String> environment, List<String> command)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }
}
