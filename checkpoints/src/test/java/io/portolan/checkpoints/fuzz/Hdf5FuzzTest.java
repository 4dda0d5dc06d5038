package io.portolan.checkpoints.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.portolan.checkpoints.containers.UnpackingLimits;
import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.hdf5.Hdf5File;
import io.portolan.checkpoints.values.ByteRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as an HDF5 file. A replay of the samples normally; a search for worse with the profile "fuzz". */
@Tag("fuzz")
class Hdf5FuzzTest {

    @MethodSource("samples")
    @FuzzTest(maxDuration = "5m")
    void anyBytesAreReadOrRefused(byte[] bytes) {
        if (bytes != null) {
            Refusals.only(
                    () -> Hdf5File.read(ByteRegion.of(ByteBuffer.wrap(bytes)), "fuzz", UnpackingLimits.defaults()));
        }
    }

    static List<byte[]> samples() throws IOException {
        List<byte[]> samples = new ArrayList<>();
        for (String name : List.of("hdf5/weights.h5", "hdf5/link.h5", "hdf5/bfloat16.h5")) {
            samples.add(Files.readAllBytes(FormatSample.file(name)));
        }
        return samples;
    }
}
