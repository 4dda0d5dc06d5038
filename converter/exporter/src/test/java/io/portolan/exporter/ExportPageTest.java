package io.portolan.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What {@code docs/export.md} shows is compiled here. */
class ExportPageTest {
    @Test
    void thePageShowsTheExampleThatIsCompiledHere() throws IOException {
        String source = Files.readString(Path.of("src", "test", "java", "example", "Export.java"));

        assertThat(Path.of("..", "..", "docs", "export.md"))
                .content()
                .contains("```java\n" + source.substring(source.indexOf("import ")) + "```");
    }
}
