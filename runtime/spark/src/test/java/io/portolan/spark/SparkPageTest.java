package io.portolan.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What {@code docs/spark.md} says holds. */
class SparkPageTest {
    @Test
    void thePageShowsTheExampleThatIsCompiledHere() throws IOException {
        String source = Files.readString(Path.of("src", "test", "java", "example", "CountVerdicts.java"));
        assertThat(Files.readString(Path.of("..", "..", "docs", "spark.md")))
                .contains("```java\n" + source.substring(source.indexOf("import ")) + "```");
    }

    @Test
    void thePageNamesTheVersionsThatItWasTestedWith() throws IOException {
        String page = Files.readString(Path.of("..", "..", "docs", "spark.md"));
        assertThat(page)
                .contains(org.apache.spark.package$.MODULE$.SPARK_VERSION() + ": "
                        + scala.util.Properties$.MODULE$.versionNumberString());
    }
}
