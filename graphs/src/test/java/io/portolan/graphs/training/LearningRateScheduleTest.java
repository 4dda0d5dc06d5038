package io.portolan.graphs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The learning rate over the updates of each schedule. */
class LearningRateScheduleTest {
    private static final double PEAK = 1e-3;

    @Test
    void allBeginAtZeroAndReachThePeakAfterTheWarmUp() {
        for (LearningRateSchedule schedule : new LearningRateSchedule[] {
            LearningRateSchedule.reference(PEAK, 500, 2000),
            LearningRateSchedule.corrected(PEAK, 500, 2000),
            LearningRateSchedule.constant(PEAK, 500)
        }) {
            assertThat(schedule.at(0)).isZero();
            assertThat(schedule.at(250)).isCloseTo(PEAK / 2, within(1e-12));
            assertThat(schedule.at(500)).isCloseTo(PEAK, within(1e-12));
        }
    }

    @Test
    void theyEndWhereTheySay() {
        assertThat(LearningRateSchedule.reference(PEAK, 500, 2000).at(1500)).isCloseTo(PEAK / 100, within(1e-12));
        assertThat(LearningRateSchedule.corrected(PEAK, 500, 2000).at(1500)).isGreaterThan(PEAK / 10);
        assertThat(LearningRateSchedule.corrected(PEAK, 500, 2000).at(2000)).isCloseTo(PEAK / 100, within(1e-12));
        assertThat(LearningRateSchedule.corrected(PEAK, 500, 2000).at(5000)).isCloseTo(PEAK / 100, within(1e-12));
        assertThat(LearningRateSchedule.constant(PEAK, 0).at(1_000_000)).isEqualTo(PEAK);
    }

    @Test
    void aShortRunWarmsUpForLessAndTheReferenceRefusesIt() {
        assertThat(LearningRateSchedule.corrected(PEAK, 500, 10).at(9)).isCloseTo(PEAK, within(1e-12));
        assertThatThrownBy(() -> LearningRateSchedule.reference(PEAK, 500, 1000))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
