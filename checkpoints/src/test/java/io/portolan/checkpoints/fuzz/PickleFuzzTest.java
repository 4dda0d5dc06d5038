package io.portolan.checkpoints.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.pickle.PickleReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as a pickle. A replay of the samples normally; a search for worse with the profile "fuzz". */
@Tag("fuzz")
class PickleFuzzTest {

    @MethodSource("samples")
    @FuzzTest(maxDuration = "5m")
    void anyBytesAreReadOrRefused(byte[] bytes) {
        if (bytes != null) {
            Refusals.only(() -> PickleReader.read("fuzz", ByteBuffer.wrap(bytes)));
        }
    }

    static List<byte[]> samples() throws IOException {
        List<byte[]> samples = new ArrayList<>();
        for (String name : List.of(
                "numpy1_protocol0.pkl",
                "numpy1_protocol2.pkl",
                "numpy2_protocol5.pkl",
                "joblib/plain.joblib",
                "joblib/protocol2.joblib",
                "jax_array_protocol4.pkl",
                "optax_state_protocol4.pkl",
                "values_protocol2.pkl",
                "numpy2_misc_protocol4.pkl",
                "wild/lab-nnx-graphdef-state.pkl",
                "wild/lab-flax-trainstate-partial.pkl",
                "wild/lab-meta-tzaware.pkl")) {
            samples.add(Files.readAllBytes(FormatSample.file(name)));
        }
        return samples;
    }
}
