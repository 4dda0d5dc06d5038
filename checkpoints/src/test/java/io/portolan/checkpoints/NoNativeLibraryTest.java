package io.portolan.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** This module reads files that anyone may have made, so it stays free of native code. */
class NoNativeLibraryTest {
    private static final Pattern NATIVE =
            Pattern.compile(".*\\.(so|dll|dylib|jnilib)(\\.\\d+)*", Pattern.CASE_INSENSITIVE);

    /**
     * What only tests have on their class path. Byte Buddy, which AssertJ brings along, has an agent in native code, and
     * Jazzer drives libFuzzer.
     */
    private static final Pattern TEST_FRAMEWORK =
            Pattern.compile("(junit|jqwik|jazzer|assertj|byte-buddy|surefire|opentest4j|apiguardian|jspecify).*\\.jar");

    @Test
    void nothingOnTheClassPathHoldsANativeLibrary() throws IOException {
        List<Path> classPath = Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getProperty("java.class.path"))
                .map(Path::of)
                .filter(entry ->
                        !TEST_FRAMEWORK.matcher(entry.getFileName().toString()).matches())
                .toList();
        assertThat(classPath)
                .as("this module's own classes")
                .anyMatch(entry ->
                        Files.exists(entry.resolve(Checkpoints.class.getName().replace('.', '/') + ".class")));
        for (Path entry : classPath) {
            assertThat(contents(entry))
                    .as("%s", entry)
                    .noneMatch(name -> NATIVE.matcher(name).matches());
        }
    }

    private static List<String> contents(Path entry) throws IOException {
        if (Files.isDirectory(entry)) {
            try (Stream<Path> files = Files.walk(entry)) {
                return files.map(Path::toString).toList();
            }
        }
        List<String> names = new ArrayList<>();
        if (Files.exists(entry)) {
            try (JarFile jar = new JarFile(entry.toFile())) {
                jar.stream().map(ZipEntry::getName).forEach(names::add);
            }
        }
        return names;
    }
}
