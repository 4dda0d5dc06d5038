package io.portolan.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.jna.Pointer;
import io.portolan.cli.doctor.Diagnosis.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of end that a probe can have, with real processes. */
@EnabledOnOs(OS.LINUX)
class DiagnosisTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    /** A process that ends in the way it is told to. */
    static final class Patient {
        public static void main(String[] arguments) throws InterruptedException {
            switch (arguments[0]) {
                case "crash" -> new Pointer(0).getInt(0);
                case "exit" -> System.exit(7);
                case "hang" -> Thread.sleep(60_000);
                default -> System.out.println(arguments[0]);
            }
        }
    }

    @Test
    void aProbeOfThisMachineComputesWhatJaxComputed() throws IOException, InterruptedException {
        Finding finding = Diagnosis.of(
                Probe.ONNX_RUNTIME,
                ProbeProcess.run(ProbeMain.class, List.of(Probe.ONNX_RUNTIME.name(), folder.toString()), folder, LIMIT),
                1);
        assertThat(finding.failure()).isEmpty();
        assertThat(finding.difference()).isBetween(0.0, Diagnosis.TOLERANCE);
        assertThat(new Diagnosis(List.of(finding)).verdict()).startsWith("Everything works");
    }

    @Test
    void gpusAreProbedWhereThereAreAnyOnly() throws IOException, InterruptedException {
        assumeFalse(CudaDriver.version().isPresent(), "this machine has a GPU");
        assertThat(ProbeProcess.run(ProbeMain.class, List.of(Probe.CUDA.name(), folder.toString()), folder, LIMIT))
                .isEqualTo(new ProbeProcess.End(true, ProbeMain.NOT_APPLICABLE));
    }

    @Test
    void wrongLogitsAreAFault() {
        for (String difference : List.of("0.01", "NaN")) {
            Finding finding =
                    Diagnosis.of(Probe.TENSORFLOW, new ProbeProcess.End(true, ProbeMain.DIFFERENCE + difference), 1);
            assertThat(finding.works()).isFalse();
            assertThat(finding.result()).startsWith("COMPUTES WRONGLY");
            assertThat(new Diagnosis(List.of(finding)).verdict()).startsWith("TensorFlow does not work here (train, ");
        }
    }

    @Test
    void aCrashOfNativeCodeIsNamed() throws IOException, InterruptedException {
        ProbeProcess.End end = ProbeProcess.run(Patient.class, List.of("crash"), folder, LIMIT);
        assertThat(end.finished()).isFalse();
        assertThat(end.line()).isEqualTo("ended the process by SIGSEGV: the library is faulty on this machine");
    }

    @Test
    void otherEndsAreNamed() throws IOException, InterruptedException {
        assertThat(ProbeProcess.run(Patient.class, List.of("exit"), folder, LIMIT)
                        .line())
                .isEqualTo("ended the process with exit code 7");
        assertThat(ProbeProcess.run(Patient.class, List.of("hang"), folder, Duration.ofSeconds(1))
                        .line())
                .isEqualTo("did not end within 1 s");
        assertThat(ProbeProcess.run(Patient.class, List.of("last line"), folder, LIMIT))
                .isEqualTo(new ProbeProcess.End(true, "last line"));
    }

    /** The numbers that shells give to ends by signals, and what the Java VM prints of those it sees. */
    @ParameterizedTest
    @CsvSource({
        "132, '', SIGILL, ONEDNN_MAX_CPU_ISA",
        "136, '', SIGFPE, TF_ENABLE_ONEDNN_OPTS",
        "137, '', SIGKILL, -Xmx",
        "134, '#  SIGILL (0x4) at pc=0x00007f, pid=1', SIGILL, ONEDNN_MAX_CPU_ISA",
    })
    void faultsOfProcessorsAndMemoryHaveARemedy(int code, String output, String signal, String remedy) {
        Finding finding = Diagnosis.of(Probe.TENSORFLOW, ProbeProcess.end(code, output), 1);
        assertThat(finding.result()).contains(signal);
        assertThat(finding.remedy()).hasValueSatisfying(text -> assertThat(text).contains(remedy));
        assertThat(new Diagnosis(List.of(finding)).isHealthy()).isFalse();
    }

    @Test
    void aLibraryThatCannotBeLoadedIsNamed() {
        Finding finding = Diagnosis.of(
                Probe.ONNX_RUNTIME,
                new ProbeProcess.End(
                        true,
                        ProbeMain.FAILURE + "java.lang.UnsatisfiedLinkError: libonnxruntime.so: failed to map segment"
                                + " from shared object: Operation not permitted"),
                1);
        assertThat(finding.result()).contains("failed to map segment");
        assertThat(finding.remedy()).hasValueSatisfying(text -> assertThat(text).contains("java.io.tmpdir"));
    }
}
