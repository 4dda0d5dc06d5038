package io.portolan.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.portolan.images.ImageInput;
import io.portolan.images.TestImages;
import io.portolan.runtime.TinyModels;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs outside of Portolan that depend on a staged release, compile and run, with Maven Central for everything else. Their classes are
 * those of {@code docs/embedding.md} and {@code docs/tf2onnx.md}. They have no more on their class paths than they need, and Java has
 * nothing to warn of.
 */
class SamplesTest {
    private static final Path RUNTIME_EXAMPLES = Path.of("..", "core", "src", "test", "java", "example");
    private static final Path CONVERTER = Path.of("..", "..", "converter", "core", "src", "test");
    private static final Path CONVERTER_EXAMPLES = CONVERTER.resolve(Path.of("java", "example"));
    private static final Path SAVED_MODEL = CONVERTER.resolve(Path.of("resources", "tf2onnx", "cf-v1-while", "model"));
    private static final List<String> RUNTIME_JARS = List.of("onnxruntime", "portolan-images", "portolan-runtime");
    private static final String VERDICT = "(dis)?connected, \\d+\\.\\d %\\R";

    @TempDir
    private Path folder;

    private Path project;

    @BeforeEach
    void nameTheProjectsFolder() {
        project = folder.resolve("project");
    }

    @Test
    void aMavenProjectClassifiesImages() throws Exception {
        Sample sample = Sample.copy("runtime-maven", project, RUNTIME_EXAMPLES, "Verdicts.java", "Service.java");
        List<Path> jars = sample.maven(maven());

        assertThat(names(jars)).containsExactlyElementsOf(RUNTIME_JARS);
        assertSaysAVerdict(service("-cp", join(Stream.concat(Stream.of(sample.classes()), jars.stream()))));
    }

    @Test
    void aMavenProjectOnTheModulePathClassifiesImages() throws Exception {
        Sample sample = Sample.copy("runtime-module", project, RUNTIME_EXAMPLES, "Verdicts.java", "Service.java");
        List<Path> jars = sample.maven(maven());

        assertSaysAVerdict(Command.java(
                folder,
                "--enable-native-access=com.microsoft.onnxruntime",
                "-p",
                join(Stream.concat(Stream.of(sample.classes()), jars.stream())),
                "-m",
                "example/example.Service",
                model().toString(),
                image().toString()));
    }

    @Test
    void aGradleProjectClassifiesImages() throws Exception {
        Path gradle = gradle();
        Sample sample = Sample.copy("runtime-gradle", project, RUNTIME_EXAMPLES, "Verdicts.java", "Service.java");
        List<Path> classPath = sample.gradle(gradle);

        assertThat(names(classPath)).containsExactlyElementsOf(RUNTIME_JARS);
        assertSaysAVerdict(service("-cp", join(classPath.stream())));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void aMavenProjectConvertsATensorFlowModel() throws Exception {
        Sample sample = Sample.copy("converter-maven", project, CONVERTER_EXAMPLES, "Conversion.java");
        List<Path> jars = sample.maven(maven());

        assertConverts(Stream.concat(Stream.of(sample.classes()), jars.stream()).toList());
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void aGradleProjectConvertsATensorFlowModel() throws Exception {
        Path gradle = gradle();
        Sample sample = Sample.copy("converter-gradle", project, CONVERTER_EXAMPLES, "Conversion.java");

        assertConverts(sample.gradle(gradle));
    }

    /** What is shown is what was tried. */
    @Test
    void theDocumentationShowsTheDependenciesOfTheSamples() throws IOException {
        String page = withoutIndentation(Path.of("..", "..", "docs", "embedding.md"));
        for (String sample : List.of(
                "runtime-maven/pom.xml",
                "runtime-gradle/build.gradle",
                "converter-maven/pom.xml",
                "converter-gradle/build.gradle")) {
            String build = withoutIndentation(Path.of("src", "it").resolve(sample));
            boolean isGradle = sample.endsWith(".gradle");
            int start = build.indexOf(isGradle ? "dependencies {" : "<dependencyManagement>");
            int from = start < 0 ? build.indexOf("<dependencies>") : start;
            String end = isGradle ? "}\n" : "</dependencies>\n";
            int to = isGradle ? build.indexOf(end, from) : build.lastIndexOf(end);
            assertThat(page).as(sample).contains(build.substring(from, to + end.length()));
            assertThat(build).as(sample).contains(Staging.VERSION);
        }
    }

    private void assertConverts(List<Path> classPath) throws Exception {
        Path onnx = folder.resolve("model.onnx");
        // For protobuf, where Java knows the option.
        String unsafe = Runtime.version().feature() < 23 ? "-Dunsafe=allowed" : "--sun-misc-unsafe-memory-access=allow";
        Command.Said said = Command.java(
                folder,
                "--enable-native-access=ALL-UNNAMED",
                unsafe,
                "-cp",
                join(classPath.stream()),
                "example.Conversion",
                SAVED_MODEL.toRealPath().toString(),
                onnx.toString());

        assertThat(onnx).isNotEmptyFile();
        assertThat(said.output()).contains("Loop");
        // TensorFlow has its own.
        assertThat(said.errors()).doesNotContain("restricted method", "sun.misc.Unsafe");
        assertThat(names(classPath))
                .contains("portolan-converter", "portolan-programs", "tensorflow-core-native")
                .doesNotContain("portolan-graphs", "portolan-server", "portolan-cli", "picocli", "jetty-server");
    }

    private void assertSaysAVerdict(Command.Said said) {
        assertThat(said.output()).matches(VERDICT);
        assertThat(said.errors()).isEmpty();
    }

    private Command.Said service(String option, String classPath) throws Exception {
        return Command.java(
                folder,
                "--enable-native-access=ALL-UNNAMED",
                option,
                classPath,
                "example.Service",
                model().toString(),
                image().toString());
    }

    private Path model() throws IOException {
        return TinyModels.save(folder, TinyModels.OPEN, ImageInput.still(16, 16));
    }

    private static Path image() {
        return TestImages.file("/pathfinder/connected.png");
    }

    private static Path maven() {
        return Command.find("mvn").orElseThrow();
    }

    /** Gradle is not everybody's, and that of Debian is older than some Java. */
    private Path gradle() throws Exception {
        Optional<Path> gradle = Command.find("gradle");
        assumeTrue(gradle.isPresent(), "gradle is not on the PATH: the samples for it are not tried");
        try {
            Command.run(folder, List.of(gradle.get().toString(), "--version"));
        } catch (AssertionError fails) {
            assumeTrue(false, "this gradle does not run on this Java: the samples for it are not tried");
        }
        return gradle.get();
    }

    /** Artifacts of the jars among some paths, in order. A native library's jar has the name of the one that it belongs to. */
    private static List<String> names(List<Path> classPath) {
        return classPath.stream()
                .map(path -> path.getFileName().toString())
                .filter(name -> name.endsWith(".jar"))
                .map(name -> name.replaceAll("-\\d.*", ""))
                .sorted()
                .distinct()
                .toList();
    }

    private static String join(Stream<Path> classPath) {
        return classPath.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static String withoutIndentation(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(String::strip).collect(Collectors.joining("\n", "", "\n"));
    }
}
