package io.portolan.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The files of a release are what Maven Central asks for, and what Maven, Gradle and Java read alike. */
class StagedFilesTest {
    private static final List<String> LIBRARIES = List.of(
            "portolan-checkpoints",
            "portolan-converter",
            "portolan-exporter",
            "portolan-graphs",
            "portolan-grpc",
            "portolan-images",
            "portolan-programs",
            "portolan-runtime",
            "portolan-server",
            "portolan-spark_2.13");

    /** Those with a module descriptor; the others have a name in the manifest. */
    private static final Set<String> MODULES = Set.of("portolan-images", "portolan-programs", "portolan-runtime");

    private static final List<String> ARTIFACTS = Stream.concat(LIBRARIES.stream(), Stream.of("portolan-bom"))
            .sorted()
            .toList();

    @Test
    void theLibrariesAndTheirBillOfMaterialsAreStagedAndNothingElse() throws IOException {
        try (Stream<Path> folders = Files.list(Staging.FOLDER.resolve(Path.of("io", "portolan")))) {
            assertThat(folders.map(folder -> folder.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(ARTIFACTS);
        }
        assertThat(Staging.VERSION).doesNotContain("SNAPSHOT");
    }

    @ParameterizedTest
    @FieldSource("ARTIFACTS")
    void aPomNeedsNeitherAParentNorAHost(String artifact) throws IOException {
        assertThat(Staging.file(artifact, ".pom"))
                .content()
                .contains("<url>", "</scm>", "<developers>", "<licenses>", "<name>", "<description>")
                .doesNotContain("${", "<parent>", "<profile", "<scope>test", "<scope>system", "SNAPSHOT");
    }

    /** Natives are chosen by who uses the library, by their classifiers. */
    @ParameterizedTest
    @FieldSource("LIBRARIES")
    void aLibraryBringsNoNativesOfThePlatformItWasBuiltOn(String artifact) throws IOException {
        assertThat(Staging.file(artifact, ".pom")).content().doesNotContain("<classifier>", "<dependencyManagement>");
    }

    @Test
    void theBillOfMaterialsHasTheVersionOfEveryLibrary() throws IOException {
        assertThat(versions("portolan-bom"))
                .containsAllEntriesOf(LIBRARIES.stream()
                        .collect(Collectors.toMap(artifact -> artifact, artifact -> Staging.VERSION)));
    }

    /** A native library goes with the classes of its own version only. */
    @Test
    void theBillOfMaterialsHasTheNativesThatGoWithTheLibraries() throws IOException {
        Map<String, String> bill = versions("portolan-bom");
        Map<String, String> converter = versions("portolan-converter");
        Map<String, String> runtime = versions("portolan-runtime");

        assertThat(bill)
                .containsEntry("tensorflow-core-native", converter.get("tensorflow-core-api"))
                .containsEntry("onnx", converter.get("onnx"))
                .containsEntry("onnxruntime_gpu", runtime.get("onnxruntime"));
    }

    /** Versions of the artifacts in a pom. */
    private static Map<String, String> versions(String artifact) throws IOException {
        return Pattern.compile("<artifactId>([^<]+)</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(Files.readString(Staging.file(artifact, ".pom")))
                .results()
                .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2), (one, same) -> one));
    }

    /** The last part of the library's package, without the version of Scala. */
    private static String wing(String artifact) {
        return artifact.replace("portolan-", "").replaceFirst("_.*", "");
    }

    @ParameterizedTest
    @FieldSource("LIBRARIES")
    void aLibraryHasItsLicenceSourcesJavadocAndComponents(String artifact) throws IOException {
        for (String kind : List.of(".jar", "-sources.jar")) {
            assertThat(entries(artifact, kind)).contains("META-INF/LICENSE", "META-INF/NOTICE");
        }
        String packages = "io/portolan/" + wing(artifact) + "/";
        assertThat(entries(artifact, ".jar")).anyMatch(isIn(packages, "package-info.class"));
        assertThat(entries(artifact, "-sources.jar")).anyMatch(isIn(packages, "package-info.java"));
        assertThat(entries(artifact, "-javadoc.jar")).anyMatch(isIn(packages, "package-summary.html"));
        assertThat(Staging.file(artifact, "-cyclonedx.json")).content().contains("\"CycloneDX\"", Staging.VERSION);
    }

    @ParameterizedTest
    @FieldSource("LIBRARIES")
    void aManifestTellsTheVersion(String artifact) throws IOException {
        try (JarFile jar = new JarFile(Staging.file(artifact, ".jar").toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION))
                    .isEqualTo(Staging.VERSION);
        }
    }

    @Test
    void everyLibraryIsAModuleOfItsOwnName() {
        Map<String, Boolean> automatic = new TreeMap<>();
        for (String artifact : LIBRARIES) {
            ModuleDescriptor module = module(artifact);
            automatic.put(module.name(), module.isAutomatic());
        }
        assertThat(automatic)
                .isEqualTo(LIBRARIES.stream()
                        .collect(Collectors.toMap(
                                artifact -> "io.portolan." + wing(artifact), artifact -> !MODULES.contains(artifact))));
    }

    /** Its methods take pictures, which a program would otherwise have to require itself. */
    @Test
    void whoReadsTheRuntimeReadsImagesToo() {
        assertThat(module("portolan-runtime").requires().stream()
                        .filter(needed -> needed.modifiers().contains(Requires.Modifier.TRANSITIVE))
                        .map(Requires::name))
                .containsExactlyInAnyOrder("io.portolan.images", "java.desktop");
    }

    /** What a distribution holds is what the command line needs, of which its file of components is the list. */
    @Test
    void theNoticeNamesWhatADistributionHolds() throws IOException {
        Path root = Path.of("..", "..");
        String notice = Files.readString(root.resolve("NOTICE"));
        Set<String> artifacts = Pattern.compile("\"purl\" : \"pkg:maven/(?!io\\.portolan/)[^/]+/([^@]+)@")
                .matcher(Files.readString(root.resolve(Path.of("converter", "cli", "target", "bom.json"))))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(artifacts)
                .contains("tensorflow-core-native", "onnxruntime")
                .allMatch(artifact -> Pattern.compile("[\\w*-]+")
                        .matcher(notice)
                        .results()
                        .map(named -> named.group())
                        .anyMatch(named -> named.endsWith("-*")
                                ? artifact.startsWith(named.replace("*", ""))
                                : artifact.equals(named)));
    }

    private static Predicate<String> isIn(String packages, String file) {
        return entry -> entry.contains(packages) && entry.endsWith("/" + file);
    }

    private static ModuleDescriptor module(String artifact) {
        return ModuleFinder.of(Staging.file(artifact, ".jar"))
                .findAll()
                .iterator()
                .next()
                .descriptor();
    }

    private static List<String> entries(String artifact, String kind) throws IOException {
        try (JarFile jar = new JarFile(Staging.file(artifact, kind).toFile())) {
            return jar.stream().map(entry -> entry.getName()).toList();
        }
    }
}
