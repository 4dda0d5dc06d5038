package io.portolan.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.containers.UnpackingLimits;
import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.hdf5.Hdf5File;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HDF5 as h5py writes it: groups of arrays, in one piece and in chunks. */
class Hdf5Test {
    private static final long SEED = 20261126;

    @ParameterizedTest
    @ValueSource(strings = {"hdf5/weights.h5", "hdf5/model.keras"})
    void groupsAreDictionariesOfArrays(String sample) throws IOException {
        OpenedCheckpoint opened = Checkpoints.open(FormatSample.file(sample), ReadOptions.defaults());
        ParameterTree parameters = opened.checkpoint().parameters();

        assertThat(opened.format().format()).isEqualTo(CheckpointFormat.HDF5);
        ArrayData chunked = parameters.find("layers/conv/chunked").orElseThrow();
        assertThat(chunked.type()).isEqualTo(ElementType.FLOAT32);
        assertThat(chunked.shape()).containsExactly(10, 7);
        assertThat(LongStream.range(0, 70).mapToDouble(chunked::doubleAt))
                .containsExactlyElementsOf(
                        LongStream.range(0, 70).mapToObj(i -> (double) i).toList());
        assertThat(type(parameters, "half")).isEqualTo(ElementType.FLOAT16);
        assertThat(type(parameters, "big")).isEqualTo(ElementType.FLOAT64);
        assertThat(type(parameters, "long")).isEqualTo(ElementType.INT64);
        assertThat(type(parameters, "short")).isEqualTo(ElementType.UINT16);
        assertThat(type(parameters, "truth")).isEqualTo(ElementType.BOOL);
        for (String name : new String[] {"half", "big", "long", "short"}) {
            assertThat(parameters.find("layers/conv/" + name).orElseThrow().doubleAt(5))
                    .as(name)
                    .isEqualTo(5);
        }
        assertThat(parameters.find("layers/conv/scalar").orElseThrow()).isEqualTo(ArrayData.ofFloats(new long[0], 3));
        assertThat(parameters.find("layers/conv/empty").orElseThrow().shape()).containsExactly(0, 3);
        assertThat(parameters.find("layers/dense/vars/0").orElseThrow().shape()).containsExactly(2, 3, 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hdf5/text.h5", "hdf5/bfloat16.h5", "hdf5/link.h5"})
    void whatIsNotReadIsRefusedWithOneLine(String sample) {
        assertThatThrownBy(() -> Checkpoints.read(FormatSample.file(sample)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(": expected ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void sizesAreCheckedBeforeMemoryIsTaken() throws IOException {
        byte[] file = Files.readAllBytes(FormatSample.file("hdf5/weights.h5"));

        assertThatThrownBy(() ->
                        Hdf5File.read(ByteRegion.of(ByteBuffer.wrap(file)), "m.h5", new UnpackingLimits(100, 1, 0)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("unpack to more than 100");
    }

    @Test
    void damagedFilesAreReadOrRefusedSoon() throws IOException {
        byte[] whole = Files.readAllBytes(FormatSample.file("hdf5/weights.h5"));
        Random random = new Random(SEED);
        Assertions.assertTimeout(Duration.ofSeconds(60), () -> {
            for (int i = 0; i < 1500; i++) {
                byte[] mutated = i % 4 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
                for (int j = 0; j < 2 && mutated.length > 8; j++) {
                    mutated[8 + random.nextInt(mutated.length - 8)] =
                            (byte) (random.nextBoolean() ? 0xff : random.nextInt(256));
                }
                try {
                    Map<String, Object> read =
                            Hdf5File.read(ByteRegion.of(ByteBuffer.wrap(mutated)), "m.h5", UnpackingLimits.defaults());
                    assertThat(read).isNotNull();
                } catch (CheckpointException refused) {
                    assertThat(refused.getMessage()).contains("expected ").doesNotContain("\n");
                }
            }
        });
    }

    private static ElementType type(ParameterTree parameters, String name) {
        return parameters.find("layers/conv/" + name).orElseThrow().type();
    }
}
