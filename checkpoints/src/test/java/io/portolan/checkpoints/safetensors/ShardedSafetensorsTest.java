package io.portolan.checkpoints.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.ReadOptions;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardedSafetensorsTest {
    private static final ArrayData ONE = ArrayData.ofFloats(new long[] {1}, 1);
    private static final ArrayData TWO = ArrayData.ofFloats(new long[] {2}, 1, 2);
    private static final String INDEX =
            "{\"metadata\":{\"total_size\":12},\"weight_map\":{\"dense.kernel\":\"m-2.safetensors\",\"dense.bias\":\"m-1.safetensors\"}}";

    @TempDir
    private Path folder;

    private Path index;

    @BeforeEach
    void write() throws IOException {
        shard("m-1.safetensors", Map.of("dense.bias", ONE));
        shard("m-2.safetensors", Map.of("dense.kernel", TWO));
        index = Files.writeString(folder.resolve("model.safetensors.index.json"), INDEX);
    }

    @Test
    void theIndexAndItsFolderAreTheModel() throws IOException {
        assertThat(Checkpoints.read(index).parameters().arrays())
                .isEqualTo(Map.of("dense/kernel", TWO, "dense/bias", ONE));
        assertThat(Checkpoints.read(index).parameters().arrays().keySet())
                .containsExactly("dense/kernel", "dense/bias");
        assertThat(Checkpoints.open(folder, ReadOptions.defaults()).format())
                .hasToString("safetensors in shards")
                .isEqualTo(Checkpoints.detect(index))
                .isEqualTo(Checkpoints.detect(folder));
    }

    @Test
    void hashAndSizeAreThoseOfTheIndexAndItsShardsWhicheverIsGiven() throws IOException, NoSuchAlgorithmException {
        Files.writeString(folder.resolve("README.md"), "not part of the model");
        byte[] all = concatenated(index, folder.resolve("m-1.safetensors"), folder.resolve("m-2.safetensors"));
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all));
        assertThat(Checkpoints.sha256(index)).isEqualTo(digest);
        assertThat(Checkpoints.sha256(folder)).isEqualTo(digest);
        assertThat(Checkpoints.size(index)).isEqualTo(Checkpoints.size(folder)).isEqualTo(all.length);

        shard("m-1.safetensors", Map.of("dense.bias", ArrayData.ofFloats(new long[] {1}, 2)));
        assertThat(Checkpoints.sha256(index)).isNotEqualTo(digest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../m-1.safetensors",
                "/etc/passwd",
                "/tmp/m-1.safetensors",
                "a/m-1.safetensors",
                "..",
                "",
                ".safetensors",
                "m\\\\m-1.safetensors"
            })
    void aShardLiesBesideItsIndex(String name) throws IOException {
        Files.writeString(index, INDEX.replace("m-1.safetensors", name));
        refused("expected the plain name of a .safetensors file");
    }

    @Test
    void anIndexOfTooManyNamesIsRefusedWhileItIsRead() throws IOException {
        StringBuilder json = new StringBuilder("{\"weight_map\":{");
        for (int i = 0; i < 400_000; i++) {
            json.append("\"a").append(i).append("\":\"m-1.safetensors\",");
        }
        Files.writeString(index, json.append("not read any more"));
        refused("at most 300000 names");
        Files.writeString(index, INDEX.replace("{\"total_size\":12}", "[".repeat(10_000)));
        refused("malformed JSON");
        Files.writeString(index, INDEX + "{}");
        refused("nothing but blanks");
    }

    @Test
    void shardsAndIndexMustAgree() throws IOException {
        Files.writeString(index, INDEX.replace("dense.bias", "dense.scale"));
        refused("'dense.scale' is not in m-1.safetensors");
        Files.writeString(index, INDEX);
        shard("m-2.safetensors", Map.of("dense.kernel", TWO, "hidden", ONE));
        refused("the shards hold 3 tensors and the index names 2");
        Files.delete(folder.resolve("m-1.safetensors"));
        refused("the shard m-1.safetensors is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"weight_map\": {}}",
                "{\"weight_map\": []}",
                "{\"weight_map\": {\"a\": 1}}",
                "{\"weight_map\"",
                "{\"a\":1,\"a\":2,\"weight_map\":{}}"
            })
    void aWrongIndexIsRefused(String json) throws IOException {
        Files.writeString(index, json);
        refused(": expected ");
    }

    private void refused(String problem) {
        assertThatThrownBy(() -> Checkpoints.read(index))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(problem);
    }

    private static byte[] concatenated(Path... files) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Path file : files) {
            all.writeBytes(Files.readAllBytes(file));
        }
        return all.toByteArray();
    }

    private void shard(String name, Map<String, ArrayData> arrays) throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
            SafetensorsWriter.write(new SafetensorsFile(arrays, Map.of()), out);
        }
    }
}
