package io.portolan.spark;

import io.portolan.runtime.Device;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.RuntimeOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The sessions of this process. Each model has one, which the tasks of the process share; sessions that no task uses stay for later tasks,
 * up to {@value #MOST_IDLE} of them.
 */
final class ExecutorModels {
    static final int MOST_IDLE = 4;

    private static final ExecutorModels PROCESS = new ExecutorModels();

    private final Map<Key, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);
    private final AtomicLong loads = new AtomicLong();

    ExecutorModels() {}

    /** The sessions of this process. */
    static ExecutorModels ofProcess() {
        return PROCESS;
    }

    /** What tells sessions apart: a file, where it runs, and on how many threads. */
    private record Key(String sha256, Device device, int threads) {}

    /** A session and the number of tasks that use it. */
    private static final class Session {
        private OnnxModel model;
        private int users;
    }

    /** The use of a session; it is not closed before this is. */
    final class Lease implements AutoCloseable {
        private final Session session;
        private boolean over;

        private Lease(Session session) {
            this.session = session;
        }

        OnnxModel model() {
            return session.model;
        }

        @Override
        public void close() {
            if (!over) {
                over = true;
                release(session);
            }
        }
    }

    /** Takes part in the session of a model, which is loaded if this is the first use. A task's lease ends with it at the latest. */
    Lease lease(BroadcastModel model) {
        TaskContext task = TaskContext.get();
        // Tasks work side by side: each run has the cores of one task.
        Key key = new Key(model.sha256(), model.device(), task == null ? 1 : task.cpus());
        Session session;
        synchronized (sessions) {
            session = sessions.computeIfAbsent(key, absent -> new Session());
            session.users++;
        }
        Lease lease = new Lease(session);
        if (task != null) {
            TaskCompletionListener release = ended -> lease.close();
            task.addTaskCompletionListener(release);
        }
        // Only those who wait for this model wait while it loads.
        synchronized (session) {
            if (session.model == null) {
                try {
                    session.model = OnnxModel.load(model.name(), model.bytes().value(), options(key));
                } catch (RuntimeException | Error failure) {
                    lease.close();
                    throw failure;
                }
                loads.incrementAndGet();
            }
        }
        return lease;
    }

    private static RuntimeOptions options(Key key) {
        return RuntimeOptions.latency().withDevice(key.device()).withThreads(key.threads());
    }

    /** How often a model was loaded in this process. */
    long loads() {
        return loads.get();
    }

    private void release(Session session) {
        List<OnnxModel> surplus = new ArrayList<>();
        synchronized (sessions) {
            session.users--;
            sessions.values().removeIf(idle -> idle.users == 0 && idle.model == null);
            long idle = sessions.values().stream().filter(one -> one.users == 0).count();
            var oldest = sessions.values().iterator();
            while (idle > MOST_IDLE && oldest.hasNext()) {
                Session candidate = oldest.next();
                if (candidate.users == 0) {
                    oldest.remove();
                    surplus.add(candidate.model);
                    idle--;
                }
            }
        }
        surplus.forEach(OnnxModel::close);
    }
}
