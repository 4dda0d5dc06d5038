package io.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestRateTest {
    private static final long SECOND = 1_000_000_000;

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND);
    private final RequestRate rate = new RequestRate(4, 2, now::get);

    @Test
    void anAddressMaySaveUpOneSecondAndThenHasItsRate() {
        assertThat(admitted("a", 10)).isEqualTo(4);
        now.addAndGet(SECOND / 4);
        assertThat(admitted("a", 10)).isEqualTo(1);
        // The clock passes its largest value.
        now.addAndGet(3600 * SECOND);
        assertThat(admitted("a", 10)).isEqualTo(4);
        assertThat(admitted("b", 10)).isEqualTo(4);
    }

    /** Only what has saved up everything can be forgotten without a gain for anyone. */
    @Test
    void thereAreMoreAddressesThanAreKept() {
        for (String address : new String[] {"a", "b", "c", "d"}) {
            assertThat(admitted(address, 10)).isEqualTo(4);
        }
        assertThatThrownBy(() -> rate.require("a"))
                .isInstanceOf(HttpError.class)
                .hasMessageContaining("4 requests");
    }

    @Test
    void withoutALimit() {
        RequestRate none = new RequestRate(Limits.UNLIMITED, 1, now::get);
        assertThatCode(() -> IntStream.range(0, 100).forEach(i -> none.require("a")))
                .doesNotThrowAnyException();
    }

    private long admitted(String address, int requests) {
        return IntStream.range(0, requests).filter(i -> isAdmitted(address)).count();
    }

    private boolean isAdmitted(String address) {
        try {
            rate.require(address);
            return true;
        } catch (HttpError refused) {
            return false;
        }
    }
}
