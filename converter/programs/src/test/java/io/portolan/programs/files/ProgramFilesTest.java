package io.portolan.programs.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portolan.programs.GoldenProgram;
import io.portolan.programs.Program;
import io.portolan.programs.Refusals;
import io.portolan.programs.stablehlo.ElementType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The form of a file is found from its bytes. */
class ProgramFilesTest {
    /** The text has the arguments that the code takes, and all results. */
    @ParameterizedTest
    @MethodSource("io.portolan.programs.GoldenProgram#all")
    void textHasTheUsedArguments(GoldenProgram golden) throws Exception {
        Program exported = ProgramFiles.read(golden.exported(), "exported");
        Program text = ProgramFiles.read(golden.text(), "text");
        assertEquals("StableHLO text", text.form());
        assertEquals(elements(exported.usedArguments()), elements(text.arguments()));
        assertEquals(elements(exported.results()), elements(text.results()));
        assertEquals(paths(exported.results()), paths(text.results()));
    }

    @Test
    void callsOfTextAreChecked() {
        String program = """
                module @jit_f {
                  func.func public @main() {
                    call @main() : () -> ()
                    return
                  }
                }
                """;
        Refusals.expect(
                "f.mlir: function 'main' calls itself",
                () -> ProgramFiles.read(program.getBytes(StandardCharsets.UTF_8), "f.mlir"));
    }

    @Test
    void noProgramIsRefused() {
        Refusals.expect("empty: ", () -> ProgramFiles.read(new byte[0], "empty"));
        Refusals.expect("word: ", () -> ProgramFiles.read("hello".getBytes(StandardCharsets.UTF_8), "word"));
        Refusals.expect(
                "the program has no function @main",
                () -> ProgramFiles.read("module @m {\n}\n".getBytes(StandardCharsets.UTF_8), "m"));
    }

    private static List<ElementType> elements(List<Program.Argument> leaves) {
        return leaves.stream().map(Program.Argument::element).toList();
    }

    private static List<String> paths(List<Program.Argument> leaves) {
        return leaves.stream().map(Program.Argument::path).toList();
    }
}
