package io.portolan.runtime.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Times several pieces of work in turn, so that whatever else the machine does falls on all of them alike. Each round
 * begins with another one: nobody always follows the same neighbour, whose caches he finds.
 */
final class Turns {
    private Turns() {
    }

    /**
     * Something to time.
     *
     * @param work one run
     * @param runs how often to time it
     */
    record Entrant(Runnable work, int runs) {}

    /**
     * @param warmUps runs of each before the clock counts
     * @param progress told after each run, warm-ups included
     * @return timings in the order of the entrants
     */
    static List<Timings> measure(List<Entrant> entrants, int warmUps, Runnable progress) {
        for (Entrant entrant : entrants) {
            for (int run = 0; run < warmUps; run++) {
                entrant.work().run();
                progress.run();
            }
        }
        int rounds = entrants.stream().mapToInt(Entrant::runs).max().orElse(0);
        List<long[]> nanos = entrants.stream().map(entrant -> new long[entrant.runs()]).toList();
        for (int round = 0; round < rounds; round++) {
            for (int turn = 0; turn < entrants.size(); turn++) {
                int who = (round + turn) % entrants.size();
                Entrant entrant = entrants.get(who);
                // Those with fewer runs sit out rounds spread over the whole time.
                int run = (int) ((long) round * entrant.runs() / rounds);
                if (run < (long) (round + 1) * entrant.runs() / rounds) {
                    long start = System.nanoTime();
                    entrant.work().run();
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
