package io.portolan.checkpoints.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as a .safetensors file. A replay of the samples normally; a search for worse with the profile "fuzz". */
@Tag("fuzz")
class SafetensorsFuzzTest {

    @MethodSource("samples")
    @FuzzTest(maxDuration = "5m")
    void anyBytesAreReadOrRefused(byte[] bytes) {
        if (bytes != null) {
            Refusals.only(() -> SafetensorsFile.read(ByteBuffer.wrap(bytes), "fuzz"));
        }
    }

    static List<byte[]> samples() throws IOException {
        List<byte[]> samples = new ArrayList<>();
        for (String name : List.of("params.safetensors")) {
            samples.add(Files.readAllBytes(FormatSample.file(name)));
        }
        return samples;
    }
}
