package io.portolan.runtime.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class InterleavedTimingTest {
    private final List<String> order = new ArrayList<>();

    @Test
    void warmsUpThenTakesTurnsFromAnotherStartEachRound() {
        AtomicInteger progress = new AtomicInteger();
        List<Timings> timings =
                InterleavedTiming.measure(List.of(task("a", 3), task("b", 3)), 1, progress::incrementAndGet);

        assertThat(order).containsExactly("a", "b", "a", "b", "b", "a", "a", "b");
        assertThat(timings).extracting(Timings::runs).containsExactly(3, 3);
        assertThat(progress).hasValue(8);
    }

    @Test
    void spreadsFewerRunsOverTheWholeTime() {
        List<Timings> timings = InterleavedTiming.measure(List.of(task("a", 9), task("b", 3)), 0, () -> {});

        assertThat(String.join("", order)).matches("(a{2,4}b|a{1,2}ba{1,2}){3}");
        assertThat(timings).extracting(Timings::runs).containsExactly(9, 3);
        assertThat(timings).allSatisfy(timing -> assertThat(timing.min()).isPositive());
    }

    @Test
    void percentilesAreTimesThatOccurred() {
        Timings timings = new Timings(
                LongStream.rangeClosed(1, 200).map(i -> (201 - i) * 1_000_000).toArray());

        assertThat(timings.min()).isEqualTo(1);
        assertThat(timings.median()).isEqualTo(100);
        assertThat(timings.percentile(90)).isEqualTo(180);
        assertThat(timings.percentile(99)).isEqualTo(198);
        assertThat(timings.percentile(100)).isEqualTo(200);
        assertThat(new Timings(new long[] {5_000_000}).percentile(99)).isEqualTo(5);
        assertThatThrownBy(() -> new Timings(new long[0])).isInstanceOf(IllegalArgumentException.class);
    }

    private InterleavedTiming.Task task(String name, int runs) {
        return new InterleavedTiming.Task(() -> order.add(name), runs);
    }
}
