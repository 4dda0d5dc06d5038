package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Libraries are also used without the command line: none of their texts names one of its options. */
class FlagsTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final List<String> LIBRARIES = List.of(
            "checkpoints",
            "graphs",
            "runtime/images",
            "runtime/core",
            "runtime/server",
            "runtime/grpc",
            "converter/core",
            "converter/exporter");

    private static final Pattern COMMENT = Pattern.compile("^\\s*(\\*|/\\*|//)");
    private static final Pattern FLAG_IN_LITERAL =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*?(?<![-\\w])--[a-z](?:[^\"\\\\]|\\\\.)*\"");

    @Test
    void noTextOfALibraryNamesAnOptionOfTheCommandLine() throws IOException {
        List<String> places = new ArrayList<>();
        for (String library : LIBRARIES) {
            Path sources = ROOT.resolve(library).resolve(Path.of("src", "main", "java"));
            try (Stream<Path> files = Files.walk(sources)) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(file -> places.addAll(flags(file)));
            }
        }
        assertThat(places).isEmpty();
    }

    @Test
    void theScanSeesThem() {
        assertThat("fail(\"give --force\");").containsPattern(FLAG_IN_LITERAL);
        assertThat("fail(\"'a' \\\"b\\\" --params\");").containsPattern(FLAG_IN_LITERAL);
        assertThat("fail(count--, \"a -- b\");").doesNotContainPattern(FLAG_IN_LITERAL);
    }

    private static List<String> flags(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            List<String> found = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (!COMMENT.matcher(line).find()
                        && FLAG_IN_LITERAL.matcher(line).find()) {
                    found.add(file + ":" + (i + 1) + ": " + line.strip());
                }
            }
            return found;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
