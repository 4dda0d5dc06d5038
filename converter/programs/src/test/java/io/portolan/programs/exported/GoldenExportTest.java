package io.portolan.programs.exported;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portolan.programs.GoldenProgram;
import io.portolan.programs.Program;
import io.portolan.programs.ProgramFiles;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of {@code jax.export} that JAX 0.10.2 wrote for the tests. */
class GoldenExportTest {
    @ParameterizedTest
    @MethodSource("io.portolan.programs.GoldenProgram#all")
    void everyProgramIsRead(GoldenProgram golden) throws Exception {
        Program program = ProgramFiles.read(golden.exported(), golden.name());
        assertEquals("jax.export, VHLO 1.15.0", program.form());
        assertEquals(List.of("cpu"), program.platforms());
    }
}
