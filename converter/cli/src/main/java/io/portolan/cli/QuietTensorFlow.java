package io.portolan.cli;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import io.portolan.converter.xla.XlaProgram;
import io.portolan.graphs.ops.CpuSession;
import io.portolan.programs.ProgramException;
import io.portolan.programs.files.ProgramFiles;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

/**
 * Starts TensorFlow without its two log lines. It writes them to the process's standard error at the first run of a
 * session, through a logger that no setting configures; so a first run is made with that stream redirected.
 */
final class QuietTensorFlow {
    private static final int STANDARD_ERROR = 2;
    private static final int WRITE_ONLY = 1;

    private static final byte[] NOTHING = """
            module @nothing {
              func.func public @main() -> tensor<f32> {
                %0 = stablehlo.constant dense<0.0> : tensor<f32>
                return %0 : tensor<f32>
              }
            }
            """.getBytes(StandardCharsets.UTF_8);

    private static boolean started;
    private static boolean xlaStarted;

    private QuietTensorFlow() {}

    /** Loads TensorFlow, once. If the stream cannot be redirected, the lines appear. */
    static synchronized void start() {
        if (started) {
            return;
        }
        started = true;
        during(() -> {
            try (Graph graph = new Graph();
                    Session session = CpuSession.of(graph)) {
                session.runner().fetch(Ops.create(graph).constant(0f)).run().close();
            }
            return null;
        });
    }

    /** Loads TensorFlow and XLA, once. XLA writes three lines of its own when it first compiles anything. */
    static synchronized void startXla() {
        start();
        if (xlaStarted) {
            return;
        }
        xlaStarted = true;
        during(() -> {
            try (XlaProgram program = new XlaProgram(ProgramFiles.read(NOTHING, "the empty program"))) {
                return program.run(List.of());
            } catch (ProgramException broken) {
                throw new IllegalStateException(broken);
            }
        });
    }

    /** Does some work that makes native code start for the first time, without what it logs. */
    private static <T> T during(Supplier<T> work) {
        if (Platform.isWindows()) {
            return work.get();
        }
        LibC c = Native.load(Platform.C_LIBRARY_NAME, LibC.class);
        int original = c.dup(STANDARD_ERROR);
        int nowhere = c.open("/dev/null", WRITE_ONLY);
        c.dup2(nowhere, STANDARD_ERROR);
        try {
            return work.get();
        } finally {
            c.dup2(original, STANDARD_ERROR);
            c.close(nowhere);
            c.close(original);
        }
    }

    /** POSIX file descriptors. */
    interface LibC extends Library {
        int open(String path, int flags);

        int dup(int descriptor);

        int dup2(int from, int to);

        int close(int descriptor);
    }
}
