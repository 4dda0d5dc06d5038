package io.portolan.cli;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import io.portolan.graphs.ops.CpuSession;
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

    private static boolean started;

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

    /** Does some work that makes native code start for the first time, such as XLA's compiler, without what it logs. */
    static synchronized <T> T during(Supplier<T> work) {
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
