package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.images.ImageInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of calls from many threads leave nothing behind, in Java's heap or outside of it. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the resident size is read from /proc")
class EnduranceTest {
    private static final int CALLS = 10_000;

    /** One input or answer's handle of a few hundred bytes kept for each call would be more. */
    private static final long ALLOWED_HEAP = 1 << 20;

    /** The inputs alone of all calls are 490 MB. Seen: 10 to 19 MB, of compiled code and what allocators keep; as much after 40,000. */
    private static final long ALLOWED = 48 << 20;

    @Test
    void tenThousandCallsDoNotGrowTheProcess(@TempDir Path folder) throws Exception {
        Path model = TinyModels.save(folder, TinyModels.OPEN, ImageInput.still(64, 64));
        Path said = folder.resolve("said.txt");
        // The heap is touched and its size fixed, so that what the process gains is native memory.
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xms64m",
                        "-Xmx64m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "-XX:MaxDirectMemorySize=16m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Endurance.class.getName(),
                        model.toString(),
                        Integer.toString(CALLS))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        // Otherwise glibc keeps memory for each thread, as the threads happen to meet.
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        Process process = builder.start();

        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        String last = Files.readString(said).strip();
        assertThat(last).matches("gained -?\\d+ -?\\d+");
        String[] gained = last.split(" ");
        assertThat(Long.parseLong(gained[1])).as("heap").isLessThan(ALLOWED_HEAP);
        assertThat(Long.parseLong(gained[2])).as("resident").isLessThan(ALLOWED);
    }
}
