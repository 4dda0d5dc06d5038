package io.portolan.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.pickle.PickleException;
import io.portolan.checkpoints.pickle.PickleReader;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.InertObject;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reading is only reading: no class by a name in the file, no process, no reflection, no object stream. */
class InertnessTest {
    private static final List<String> POWERS = List.of(
            "java/lang/reflect/",
            "java/lang/invoke/MethodHandles$Lookup.find",
            "java/io/ObjectInputStream",
            "java/lang/ProcessBuilder",
            "java/lang/Runtime;",
            "java/net/",
            "javax/script/",
            "java/beans/XMLDecoder",
            "forName",
            "defineClass",
            "loadClass",
            "loadLibrary");

    static boolean loaded;

    @Test
    void aClassThatAPickleNamesIsNotLoaded() throws PickleException {
        String name = Tripwire.class.getName();
        int dot = name.lastIndexOf('.');
        byte[] pickle = ("c" + name.substring(0, dot) + "\n" + name.substring(dot + 1) + "\n)R.")
                .getBytes(StandardCharsets.US_ASCII);

        assertThatThrownBy(() -> PickleReader.read("p", ByteBuffer.wrap(pickle)))
                .hasMessageContaining("Tripwire' is refused");
        assertThat(PickleReader.read("p", ByteBuffer.wrap("cjava.net\nURL\n)R.".getBytes(StandardCharsets.US_ASCII))))
                .isInstanceOfSatisfying(
                        InertObject.class,
                        object -> assertThat(object.qualifiedName()).isEqualTo("java.net.URL"));
        assertThat(loaded).isFalse();
    }

    @Test
    void thisModulesCodeDoesNotEvenMentionThePowerToExecute() throws IOException {
        Path classes = Path.of(URI.create(
                        Checkpoints.class.getResource("Checkpoints.class").toString()))
                .getParent();
        try (Stream<Path> files = Files.walk(classes)) {
            List<Path> compiled =
                    files.filter(file -> file.toString().endsWith(".class")).toList();
            assertThat(compiled).hasSizeGreaterThan(60);
            for (Path file : compiled) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as("%s", file)
                        .doesNotContain(POWERS.toArray(String[]::new));
            }
        }
    }

    @Test
    void namesOfManyPartsAreRefused() throws IOException {
        Path file = Files.createTempFile("portolan", ".safetensors");
        try {
            String header =
                    "{\"" + "a/".repeat(10_000) + "w\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}";
            Files.write(
                    file,
                    ByteBuffer.allocate(8 + header.length())
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(header.length())
                            .put(header.getBytes(StandardCharsets.US_ASCII))
                            .array());
            assertThatThrownBy(() -> Checkpoints.read(file))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("more than 64 parts");
        } finally {
            Files.delete(file);
        }
    }
}
