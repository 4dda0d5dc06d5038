package io.portolan.checkpoints;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any checkpoint comes back from any format, also by way of another one, with the same bits, names and order. */
class RoundTripPropertiesTest {

    @Property(tries = 100)
    void whatIsWrittenIsRead(@ForAll("checkpoints") Checkpoint checkpoint, @ForAll("formats") CheckpointFormat format)
            throws IOException {
        RoundTripTest.assertSame(through(checkpoint, format), checkpoint);
    }

    @Property(tries = 50)
    void conversionsLoseNothing(
            @ForAll("checkpoints") Checkpoint checkpoint,
            @ForAll("formats") CheckpointFormat first,
            @ForAll("formats") CheckpointFormat second)
            throws IOException {
        RoundTripTest.assertSame(through(through(checkpoint, first), second), checkpoint);
    }

    @Provide
    Arbitrary<Checkpoint> checkpoints() {
        return RandomCheckpoints.all();
    }

    @Provide
    Arbitrary<CheckpointFormat> formats() {
        return Arbitraries.of(Formats.WRITABLE);
    }

    private static Checkpoint through(Checkpoint checkpoint, CheckpointFormat format) throws IOException {
        Path file = Files.createTempFile("portolan-property", "");
        try {
            Files.write(file, RoundTripTest.bytes(checkpoint, format));
            return Checkpoints.read(file);
        } finally {
            Files.delete(file);
        }
    }
}
