package io.portolan.programs.bytecode;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.portolan.programs.GoldenProgram;
import io.portolan.programs.Refusals;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as MLIR bytecode. A replay of the samples normally; a search for worse with the profile "fuzz". */
@Tag("fuzz")
class BytecodeFuzzTest {

    @MethodSource("samples")
    @FuzzTest(maxDuration = "10m")
    void anyBytesAreReadOrRefused(byte[] bytes) {
        if (bytes != null) {
            Refusals.only(() -> MlirBytecode.read(ByteBuffer.wrap(bytes), 0));
        }
    }

    static List<byte[]> samples() {
        List<byte[]> samples = new ArrayList<>(List.of(GoldenVectorTest.FILE));
        for (String name : List.of("trees", "symbolic_batch", "scan", "sorts", "scatters", "linear_algebra")) {
            samples.add(code(new GoldenProgram(name).exported()));
        }
        return samples;
    }

    /** The bytecode within a file of {@code jax.export}. */
    static byte[] code(byte[] exported) {
        int at = 0;
        while (!MlirBytecode.matches(ByteBuffer.wrap(exported, at, exported.length - at))) {
            at++;
        }
        int length = ByteBuffer.wrap(exported)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .getInt(at - Integer.BYTES);
        return Arrays.copyOfRange(exported, at, at + length);
    }
}
