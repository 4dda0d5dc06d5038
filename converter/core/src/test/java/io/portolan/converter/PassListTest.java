package io.portolan.converter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whether docs/export.md lists all passes and marks those that are required. */
class PassListTest {
    private static final Path PAGE = Path.of("../../docs/export.md");

    @Test
    void thePageListsAllPassesAndThoseThatAreRequired() throws IOException {
        String page = Files.readString(PAGE);
        List<String> rows = page.substring(page.indexOf("## Passes"))
                .lines()
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .toList();
        Map<String, Boolean> listed = new TreeMap<>();
        for (String row : rows) {
            String[] cells = row.split(" *\\| *", 3);
            Stream.of(cells[1].split(", ")).forEach(name -> listed.put(name, cells[2].contains("required")));
        }
        Map<String, Boolean> passes = new TreeMap<>();
        for (FourierForm fourier : FourierForm.values()) {
            for (WeightType weights : WeightType.values()) {
                for (Target target : Target.values()) {
                    PassPipeline.of(fourier, weights, target)
                            .passes()
                            .forEach(pass -> passes.put(pass.name(), pass.isRequired()));
                }
            }
        }
        assertThat(listed).isEqualTo(passes);
    }
}
