package io.portolan.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Messages about files that hold anything. */
class ProgramExceptionTest {

    @Test
    void aMessageIsOneLineOfPrintableLettersWhateverNamesAreInIt() {
        assertEquals(
                "offset 3: the name a?b?",
                ProgramException.at(3, "the name a\nb\u202e").getMessage());
    }

    @Test
    void aLongMessageIsCut() {
        assertEquals(
                "offset 0: " + "x".repeat(500) + "...",
                ProgramException.at(0, "x".repeat(100_000)).getMessage());
    }
}
