package io.portolan.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference's checkpoints, held against what Python reads from them: {@code golden/digests.txt}. */
class GoldenCheckpointTest {

    static Stream<GoldenCase> all() {
        return Stream.of(GoldenCase.small(), GoldenCase.full(), List.of(GoldenCase.named("pathfinder_64")))
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyArrayIsWhatPythonReads(GoldenCase golden) throws Exception {
        Checkpoint checkpoint = golden.checkpoint();
        List<String> lines = new ArrayList<>();
        describe(golden, "params/", checkpoint.parameters(), lines);
        describe(golden, "batch_stats/", checkpoint.batchStatistics(), lines);
        lines.add(golden + " epoch " + checkpoint.epoch().orElseThrow() + " step "
                + checkpoint.step().orElseThrow());

        assertThat(lines).isEqualTo(digests(golden));
        assertThat(checkpoint.metadata()).isEmpty();
    }

    @Test
    void onlyBatchNormalisationHasStatistics() {
        assertThat(all().filter(golden -> !golden.checkpoint().batchStatistics().isEmpty())
                        .map(GoldenCase::name))
                .containsExactly("transformer_batchnorm_32");
    }

    @ParameterizedTest
    @MethodSource("all")
    void theTensorsOfACaseAreReadable(GoldenCase golden) {
        Map<String, ArrayData> tensors = golden.tensors();
        assertThat(tensors).containsKeys("logits", "labels");
        assertThat(golden.tensor("logits").type()).isEqualTo(ElementType.FLOAT32);
        assertThat(golden.configJson()).contains("\"cssm_type\"");
    }

    private static void describe(GoldenCase golden, String prefix, ParameterTree tree, List<String> lines)
            throws NoSuchAlgorithmException {
        for (Map.Entry<String, ArrayData> entry : tree.arrays().entrySet()) {
            ArrayData array = entry.getValue();
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(array.bytes());
            String shape = Arrays.stream(array.shape()).mapToObj(Long::toString).collect(Collectors.joining(","));
            lines.add(String.join(
                    " ",
                    golden.name(),
                    prefix + entry.getKey(),
                    array.type().label(),
                    shape.isEmpty() ? "-" : shape,
                    HexFormat.of().formatHex(digest.digest())));
        }
    }

    private static List<String> digests(GoldenCase golden) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(GoldenCase.class.getResourceAsStream("/golden/digests.txt")),
                StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> line.startsWith(golden + " ")).toList();
        }
    }
}
