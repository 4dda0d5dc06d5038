package io.portolan.converter.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DimTest {
    private final Dim batch = Dim.symbol("batch");
    private final Dim time = Dim.symbol("time");

    @Test
    void productsAndExactQuotientsKeepTheirSymbols() {
        Dim merged = batch.times(Dim.of(8)).times(time);
        assertThat(merged).hasToString("8*batch*time");
        assertThat(merged.dividedBy(Dim.of(4))).hasToString("2*batch*time");
        assertThat(merged.dividedBy(time.times(Dim.of(8)))).isEqualTo(batch);
    }

    @Test
    void quotientsThatNeedNotBeExactAreUnknown() {
        assertThat(batch.dividedBy(Dim.of(2)).isUnknown()).isTrue();
        assertThat(Dim.of(7).dividedBy(Dim.of(2)).isUnknown()).isTrue();
        assertThat(batch.dividedBy(time).isUnknown()).isTrue();
        assertThat(batch.dividedBy(Dim.of(0)).isUnknown()).isTrue();
        assertThat(Dim.UNKNOWN.dividedBy(batch).isUnknown()).isTrue();
    }

    @Test
    void unknownDimensionsAreNeverTheSame() {
        assertThat(Dim.UNKNOWN.sameAs(Dim.UNKNOWN)).isFalse();
        assertThat(Dim.UNKNOWN.times(batch).isUnknown()).isTrue();
        assertThat(Dim.UNKNOWN.times(Dim.of(0)).is(0)).isTrue();
    }

    @Test
    void broadcastingMeetsInTheLargerSize() {
        assertThat(batch.broadcastWith(Dim.ONE)).isEqualTo(batch);
        assertThat(batch.broadcastWith(batch)).isEqualTo(batch);
        assertThat(batch.broadcastWith(Dim.of(5))).isEqualTo(Dim.of(5));
        assertThat(batch.broadcastWith(time).isUnknown()).isTrue();
        assertThatThrownBy(() -> Dim.of(3).broadcastWith(Dim.of(4))).hasMessageContaining("do not broadcast");
    }
}
