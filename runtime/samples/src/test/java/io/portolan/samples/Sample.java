package io.portolan.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A project of {@code src/it}, copied out of Portolan's tree, with the classes that the documentation shows. Maven and Gradle get a
 * repository and a home of their own, so that what is found is what is staged, not what the machine has installed.
 */
final class Sample {
    private static final Path PROJECTS = Path.of("src", "it");
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Path MAVEN_REPOSITORY = TARGET.resolve("maven-repository");
    private static final Path GRADLE_HOME = TARGET.resolve("gradle-home");
    private static final String PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:build-classpath";

    private final Path folder;

    private Sample(Path folder) {
        this.folder = folder;
    }

    /**
     * Copies a project.
     *
     * @param folder where it comes to lie
     * @param examples the folder of its classes, of package {@code example}
     */
    static Sample copy(String project, Path folder, Path examples, String... classes) throws IOException {
        Path from = PROJECTS.resolve(project);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                copy(file, folder.resolve(from.relativize(file)));
            }
        }
        for (String name : classes) {
            copy(examples.resolve(name), folder.resolve(Path.of("src", "main", "java", "example", name)));
        }
        return new Sample(folder);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to);
    }

    /** Compiles with Maven; returns what is on the class path beside the project's own classes. */
    List<Path> maven(Path mvn) throws IOException, InterruptedException {
        forgetPortolan();
        Path classPath = folder.resolve("target").resolve("classpath.txt");
        Command.run(
                folder,
                List.of(
                        mvn.toString(),
                        "-B",
                        "-ntp",
                        "-Dmaven.repo.local=" + MAVEN_REPOSITORY,
                        "-Dstaged=" + Staging.FOLDER.toUri(),
                        "-Dmdep.includeScope=runtime",
                        "-Dmdep.outputFile=" + classPath,
                        "compile",
                        PLUGIN));
        return paths(Files.readString(classPath).strip());
    }

    /** A release of the same version that was staged before may be in the repository. */
    private static void forgetPortolan() throws IOException {
        Path portolan = MAVEN_REPOSITORY.resolve(Path.of("io", "portolan"));
        if (Files.exists(portolan)) {
            try (Stream<Path> files = Files.walk(portolan)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Compiles with Gradle; returns what is on the class path, the project's own classes first. */
    List<Path> gradle(Path gradle) throws IOException, InterruptedException {
        Command.Said said = Command.run(
                folder,
                List.of(
                        gradle.toString(),
                        "-q",
                        "--no-daemon",
                        "--gradle-user-home",
                        GRADLE_HOME.toString(),
                        "-Pstaged=" + Staging.FOLDER.toUri(),
                        "classes",
                        "classPath"));
        String[] lines = said.output().strip().split("\\R");
        return paths(lines[lines.length - 1]);
    }

    /** Where Maven puts the project's classes. */
    Path classes() {
        return folder.resolve("target").resolve("classes");
    }

    Path folder() {
        return folder;
    }

    private static List<Path> paths(String classPath) {
        return Stream.of(classPath.split(java.io.File.pathSeparator))
                .map(Path::of)
                .toList();
    }
}
