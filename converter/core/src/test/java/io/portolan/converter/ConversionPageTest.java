package io.portolan.converter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import example.Conversion;
import io.portolan.converter.lowering.ConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/tf2onnx.md} shows is compiled here. */
class ConversionPageTest {
    @Test
    void thePageShowsTheExampleThatIsCompiledHere() throws IOException {
        String source = Files.readString(Path.of("src", "test", "java", "example", "Conversion.java"));

        assertThat(Path.of("..", "..", "docs", "tf2onnx.md"))
                .content()
                .contains("```java\n" + source.substring(source.indexOf("import ")) + "```");
    }

    @Test
    void theExampleRefusesAFolderThatHoldsNoModel(@TempDir Path folder) {
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> Conversion.convert(folder, folder.resolve("model.onnx")))
                .withMessageContaining("is no SavedModel");
    }
}
