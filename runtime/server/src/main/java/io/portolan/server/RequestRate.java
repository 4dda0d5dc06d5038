package io.portolan.server;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits the rate of requests from each address, over all protocols together. An address may save up the requests of
 * one second.
 */
final class RequestRate {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final int perSecond;
    private final int most;
    private final LongSupplier clock;

    /** For each address, the time at which all it has saved up will be back; earlier times need not be kept. */
    private final Map<String, Long> restored = new ConcurrentHashMap<>();

    /**
     * @param perSecond largest rate; {@link Limits#UNLIMITED} for no limit
     * @param most number of addresses above which those that have been quiet are forgotten
     */
    RequestRate(int perSecond, int most, LongSupplier clock) {
        this.perSecond = perSecond;
        this.most = most;
        this.clock = clock;
    }

    /** @throws HttpError if the address has sent too many requests */
    void require(String address) {
        if (perSecond == Limits.UNLIMITED) {
            return;
        }
        long now = clock.getAsLong();
        if (restored.size() > most) {
            restored.values().removeIf(time -> time - now <= 0);
        }
        boolean[] isAdmitted = new boolean[1];
        restored.compute(address, (key, time) -> {
            long start = time == null || time - now < 0 ? now : time;
            isAdmitted[0] = start - now + SECOND / perSecond <= SECOND;
            return isAdmitted[0] ? start + SECOND / perSecond : start;
        });
        if (!isAdmitted[0]) {
            throw HttpError.tooManyRequests(perSecond);
        }
    }
}
