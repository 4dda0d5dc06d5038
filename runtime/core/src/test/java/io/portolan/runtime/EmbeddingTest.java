package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import example.Scores;
import example.Service;
import io.portolan.images.ImageInput;
import io.portolan.images.TestImages;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/embedding.md} says holds. */
class EmbeddingTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "embedding.md");
    private static final Path EXAMPLES = Path.of("src", "test", "java", "example");
    private static final double MEGABYTE = 1e6;

    @TempDir
    private Path folder;

    @Test
    void thePageShowsTheExamplesThatAreCompiledHere() throws IOException {
        List<String> compiled = new ArrayList<>();
        for (String example : List.of("Verdicts.java", "Scores.java")) {
            String source = Files.readString(EXAMPLES.resolve(example));
            compiled.add(source.substring(source.indexOf("import ")));
        }
        assertThat(find(Files.readString(PAGE), "```java\\n(.*?)```")).isEqualTo(compiled);
    }

    @Test
    void theExampleOfAnyModelRuns() {
        Path model = TinyModels.save(folder, TinyModels.brightness(TinyModels.OPEN, ImageInput.still(16, 16)));
        assertThat(Scores.of(model, new float[16 * 16 * 3])).containsExactly(0, 0);
    }

    /**
     * As it would run elsewhere: what only the tests have is not there, and the command line is long, as those of services are. ONNX
     * Runtime 1.29 ends such a process if it is left to itself.
     */
    @Test
    void theExampleRunsWithOnnxRuntimeAloneBesideIt() throws Exception {
        Path model = TinyModels.save(folder, TinyModels.OPEN, ImageInput.still(16, 16));
        String classPath = Stream.of(
                        home(ImageClassifier.class),
                        home(ImageInput.class),
                        home(Service.class),
                        home(ai.onnxruntime.OrtSession.class))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        Path said = folder.resolve("said.txt");
        Process service = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classPath,
                        Service.class.getName(),
                        model.toString(),
                        TestImages.file("/pathfinder/connected.png").toString(),
                        "x".repeat(100_000))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();

        assertThat(service.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(Files.readString(said)).matches("(dis)?connected, \\d+\\.\\d %\\R");
        assertThat(service.exitValue()).isZero();
    }

    /** Names of artifacts; {@link ClassPathTest} holds the pom to them. */
    @Test
    void thePageShowsWhatComesWithTheRuntime() throws Exception {
        String tree = find(Files.readString(PAGE), "```\\n(io.portolan:portolan-runtime:.*?)```")
                .get(0);
        assertThat(find(tree, "[+\\\\]- [^:]+:([^:]+):")).isEqualTo(ClassPathTest.DEPENDENCIES);
    }

    @Test
    void thePageGivesTheSizeOfOnnxRuntimesJar() throws Exception {
        Path jar = home(ai.onnxruntime.OrtSession.class);
        String row = find(Files.readString(PAGE), "\\| `(onnxruntime-[^\n]*)").get(0);

        assertThat(find(Files.readString(PAGE), "onnxruntime:jar:([^:]+):"))
                .containsExactly(jar.getFileName().toString().replaceAll("onnxruntime-|[.]jar", ""));
        assertThat(row).startsWith(jar.getFileName() + "` | " + Math.round(Files.size(jar) / MEGABYTE) + " MB");
    }

    /** Records and enumerations do not change, and exceptions are thrown away. */
    @Test
    void thePageSaysOfEveryOtherTypeWhatThreadsMayDo() throws Exception {
        List<String> said =
                find(find(Files.readString(PAGE), "## Threads(.*?)##").get(0), "\n\\| `([A-Z]\\w+)`");
        List<String> types = new ArrayList<>();
        types.addAll(typesWithMethods(ImageClassifier.class));
        types.addAll(typesWithMethods(ImageInput.class));
        assertThat(said).containsExactlyInAnyOrderElementsOf(types);
    }

    /** Public ones in the package of one, but those that only hold values. */
    private static List<String> typesWithMethods(Class<?> one) throws Exception {
        Path home = home(one);
        if (Files.isDirectory(home)) {
            return typesWithMethods(one.getPackageName(), home);
        }
        try (FileSystem jar = FileSystems.newFileSystem(home)) {
            return typesWithMethods(one.getPackageName(), jar.getPath("/"));
        }
    }

    private static List<String> typesWithMethods(String packageName, Path root) throws Exception {
        List<String> types = new ArrayList<>();
        try (Stream<Path> classes = Files.list(root.resolve(packageName.replace('.', '/')))) {
            for (Path file :
                    classes.filter(path -> path.toString().endsWith(".class")).toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                Class<?> type = Class.forName(packageName + "." + name);
                boolean isPublic = Modifier.isPublic(type.getModifiers());
                boolean isValue = type.isRecord() || type.isEnum() || Throwable.class.isAssignableFrom(type);
                if (isPublic && !type.isMemberClass() && !isValue && !name.equals("package-info")) {
                    types.add(name);
                }
            }
        }
        return types;
    }

    private static Path home(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static List<String> find(String text, String pattern) {
        return Pattern.compile(pattern, Pattern.DOTALL)
                .matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
