package io.portolan.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.TextArray;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Archives that numpy wrote. */
class NumpyArraysTest {
    @Test
    void textsOfEveryTypeAreRead() throws IOException {
        List<String> words = List.of("a", "\u00c4b\ud83d\ude00", "", "\u6771\u4eac", "x y", "zz");
        TextArray table = new TextArray(List.of(2L, 3L), words);

        NumpyArrays read = NumpyArrays.read(FormatSample.file("texts.npz"));

        assertThat(read.texts())
                .isEqualTo(Map.of(
                        "unicode", table,
                        "big", table,
                        "bytes", table,
                        "columns", table,
                        "objects", table,
                        "utf8", new TextArray(List.of(6L), words),
                        "one", new TextArray(List.of(), List.of("alone")),
                        "none", new TextArray(List.of(0L, 3L), List.of())));
        assertThat(read.numbers()).isEqualTo(Map.of("number", ArrayData.ofFloats(new long[] {1}, 1.5f)));
    }

    @ParameterizedTest
    @CsvSource({
        "texts_latin1.npz,a text is not valid UTF-8",
        "texts_and_numbers.npz,objects that are no texts",
    })
    void whatIsNoTextIsRefused(String file, String reason) {
        assertThatThrownBy(() -> NumpyArrays.read(FormatSample.file(file)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(file, reason);
    }
}
