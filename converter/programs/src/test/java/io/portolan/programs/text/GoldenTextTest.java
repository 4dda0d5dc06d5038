package io.portolan.programs.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portolan.programs.GoldenProgram;
import io.portolan.programs.ProgramFiles;
import io.portolan.programs.stablehlo.Module;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The text and the file of jax.export hold the same module. */
class GoldenTextTest {
    static Iterable<GoldenProgram> programs() {
        return GoldenProgram.all();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void readsWhatTheBytecodeSays(GoldenProgram program) throws Exception {
        Module text = StableHloText.read(program.text());
        Module bytecode = ProgramFiles.read(program.exported(), program.name()).module();
        assertEquals(ModuleDifference.between(bytecode, text), java.util.Optional.empty());
    }
}
