package io.portolan.programs.exported;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.portolan.programs.GoldenProgram;
import io.portolan.programs.Refusals;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as a file of {@code jax.export}. A replay of the samples normally; a search for worse with the profile "fuzz". */
@Tag("fuzz")
class JaxExportFuzzTest {

    @MethodSource("samples")
    @FuzzTest(maxDuration = "10m")
    void anyBytesAreReadOrRefused(byte[] bytes) {
        if (bytes != null) {
            Refusals.only(() -> JaxExport.read(ByteBuffer.wrap(bytes)).program());
        }
    }

    static List<byte[]> samples() {
        return Stream.of("trees", "symbolic_batch_time", "casts")
                .map(name -> new GoldenProgram(name).exported())
                .toList();
    }
}
