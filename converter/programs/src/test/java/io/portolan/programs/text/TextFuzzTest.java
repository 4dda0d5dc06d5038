package io.portolan.programs.text;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.portolan.programs.GoldenProgram;
import io.portolan.programs.Refusals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes as StableHLO text; what is read can be written. A replay of the samples normally; a search for worse with the profile
 * "fuzz".
 */
@Tag("fuzz")
class TextFuzzTest {

    @MethodSource("samples")
    @FuzzTest(maxDuration = "10m")
    void anyTextIsReadOrRefused(byte[] text) {
        if (text != null) {
            Refusals.only(() -> StableHloWriter.write(StableHloText.read(text)));
        }
    }

    static List<byte[]> samples() throws Exception {
        List<byte[]> samples = new ArrayList<>();
        for (String name : List.of("trees", "symbolic_batch", "scan", "sorts", "scatters", "linear_algebra", "pools")) {
            byte[] text = new GoldenProgram(name).text();
            samples.add(text);
            samples.add(StableHloWriter.write(StableHloText.read(text)).getBytes(StandardCharsets.UTF_8));
        }
        return samples;
    }
}
