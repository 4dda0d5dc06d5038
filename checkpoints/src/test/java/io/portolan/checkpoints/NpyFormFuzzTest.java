package io.portolan.checkpoints;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.portolan.checkpoints.fuzz.Refusals;
import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as leaves in a row, or an array of objects. A replay of the samples normally; a search for worse with the profile "fuzz". */
@Tag("fuzz")
class NpyFormFuzzTest {
    private static final ReadOptions OPTIONS =
            ReadOptions.defaults().withVoidTypes(ElementType.BFLOAT16, ElementType.INT4);

    @MethodSource("samples")
    @FuzzTest(maxDuration = "5m")
    void anyBytesAreReadOrRefused(byte[] bytes) {
        if (bytes != null) {
            Refusals.only(() -> NpyForm.read("fuzz", ByteRegion.of(ByteBuffer.wrap(bytes)), OPTIONS));
        }
    }

    static List<byte[]> samples() throws IOException {
        List<byte[]> samples = new ArrayList<>();
        for (String name : List.of("lab-equinox-leaves.eqx", "lab-equinox-header-leaves.eqx", "object-dict.npy")) {
            samples.add(Files.readAllBytes(FormatSample.file("wild/" + name)));
        }
        return samples;
    }
}
