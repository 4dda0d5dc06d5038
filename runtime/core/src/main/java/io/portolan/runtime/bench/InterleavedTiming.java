package io.portolan.runtime.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Times several tasks in interleaved runs, so that other load on the machine affects all of them alike. Each round
 * starts with another task, so that no task always runs with the caches left by the same predecessor.
 */
final class InterleavedTiming {
    private InterleavedTiming() {}

    /**
     * A task to time.
     *
     * @param work one run
     * @param runs number of timed runs
     */
    record Task(Runnable work, int runs) {}

    /**
     * @param warmUps untimed runs of each before
     * @param progress called after each run, warm-ups included
     * @return timings in the order of the tasks
     */
    static List<Timings> measure(List<Task> tasks, int warmUps, Runnable progress) {
        for (Task task : tasks) {
            for (int run = 0; run < warmUps; run++) {
                task.work().run();
                progress.run();
            }
        }
        int rounds = tasks.stream().mapToInt(Task::runs).max().orElse(0);
        List<long[]> nanos = tasks.stream().map(task -> new long[task.runs()]).toList();
        for (int round = 0; round < rounds; round++) {
            for (int turn = 0; turn < tasks.size(); turn++) {
                int who = (round + turn) % tasks.size();
                Task task = tasks.get(who);
                // Tasks with fewer runs skip rounds, spread over the whole time.
                int run = (int) ((long) round * task.runs() / rounds);
                if (run < (long) (round + 1) * task.runs() / rounds) {
                    long start = System.nanoTime();
                    task.work().run();
                    nanos.get(who)[run] = System.nanoTime() - start;
                    progress.run();
                }
            }
        }
        List<Timings> timings = new ArrayList<>();
        nanos.forEach(each -> timings.add(new Timings(each)));
        return timings;
    }
}
