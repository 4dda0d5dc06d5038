package io.portolan.programs.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portolan.programs.GoldenProgram;
import io.portolan.programs.files.ProgramFiles;
import io.portolan.programs.stablehlo.Module;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
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
        assertEquals(Optional.empty(), ModuleDifference.between(bytecode, text));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void readsWhatItWrites(GoldenProgram program) throws Exception {
        Module text = StableHloText.read(program.text());
        String written = StableHloWriter.write(text);
        Module again = StableHloText.read(written.getBytes(StandardCharsets.UTF_8));
        assertEquals(Optional.empty(), ModuleDifference.inCode(text, again));
        assertEquals(written, StableHloWriter.write(again));
    }
}
