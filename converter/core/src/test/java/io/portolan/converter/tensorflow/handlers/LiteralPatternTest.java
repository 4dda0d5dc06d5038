package io.portolan.converter.tensorflow.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiteralPatternTest {
    @Test
    void fixedTextsAndSetsAreRead() {
        assertThat(LiteralPattern.texts("<br />")).hasValue(List.of("<br />"));
        assertThat(LiteralPattern.texts("a\\.b\\\\")).hasValue(List.of("a.b\\"));
        assertThat(LiteralPattern.texts("\\s")).hasValue(List.of("\t", "\n", "\f", "\r", " "));
        assertThat(LiteralPattern.texts("[]a\\-c-e\u00e4-]")).hasValue(List.of("]", "a", "-", "c", "d", "e", "\u00e4"));
    }

    /** The pattern of Keras, with a range from comma to full stop. */
    @Test
    void punctuationIsASet() {
        assertThat(LiteralPattern.texts("[!\"#$%&()\\*\\+,-\\./:;<=>?@\\[\\\\\\]^_`{|}~\\']"))
                .hasValueSatisfying(
                        set -> assertThat(String.join("", set)).isEqualTo("!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a+",
                "a|b",
                "(a)",
                ".",
                "^a",
                "a$",
                "[^a]",
                "[a",
                "[]",
                "[a]b",
                "[[:punct:]]",
                "\\d",
                "\\bx",
                "a\\s",
                "(?i)a",
                "[z-a]",
                "[\\s-z]",
                "a\\",
                "[\u0000-\uffff]"
            })
    void othersAreNot(String pattern) {
        assertThat(LiteralPattern.texts(pattern)).isEmpty();
    }
}
