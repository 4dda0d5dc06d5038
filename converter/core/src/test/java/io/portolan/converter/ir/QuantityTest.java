package io.portolan.converter.ir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said about a quantity holds for every value of its symbols. */
class QuantityTest {
    private static final Quantity BATCH = Quantity.of(Dim.symbol("batch"));

    /** An operation and what it is on numbers; a divisor is above 0. */
    private enum Operation {
        PLUS(Quantity::plus, Long::sum),
        MINUS(Quantity::minus, (a, b) -> a - b),
        TIMES(Quantity::times, (a, b) -> a * b),
        DIVIDED_BY(Quantity::dividedBy, (a, b) -> a / b),
        MODULO(Quantity::modulo, Math::floorMod),
        SMALLER(Quantity::smaller, Math::min),
        LARGER(Quantity::larger, Math::max),
        BELOW(Quantity::below, (a, b) -> a < b ? 1 : 0),
        AT_MOST(Quantity::atMost, (a, b) -> a <= b ? 1 : 0),
        SAME(Quantity::same, (a, b) -> a == b ? 1 : 0),
        FIRST_OR(Quantity::or, (a, b) -> a);

        private final BinaryOperator<Quantity> symbolic;
        private final LongBinaryOperator exact;

        Operation(BinaryOperator<Quantity> symbolic, LongBinaryOperator exact) {
            this.symbolic = symbolic;
            this.exact = exact;
        }

        boolean isDefinedFor(long divisor) {
            return this != DIVIDED_BY && this != MODULO || divisor > 0;
        }
    }

    /** A quantity and the number it stands for. */
    private record Sample(Quantity quantity, long number) {}

    /** Every form with small numbers for one value of the symbol, each also without its form. */
    private static List<Sample> samples(long batch) {
        return LongStream.rangeClosed(-3, 3)
                .boxed()
                .flatMap(factor -> LongStream.rangeClosed(-3, 3)
                        .mapToObj(offset -> new Sample(
                                BATCH.times(Quantity.of(factor)).plus(Quantity.of(offset)), factor * batch + offset)))
                .flatMap(sample ->
                        List.of(sample, new Sample(sample.quantity().or(Quantity.of(2)), sample.number())).stream())
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsKnownHolds(Operation operation) {
        for (long batch = 0; batch < 5; batch++) {
            List<Sample> samples = samples(batch);
            for (Sample left : samples) {
                for (Sample right : samples) {
                    if (operation.isDefinedFor(right.number())) {
                        Quantity result = operation.symbolic.apply(left.quantity(), right.quantity());
                        long exact = operation.exact.applyAsLong(left.number(), right.number());
                        if (!holds(result, batch, exact)) {
                            assertThat(result)
                                    .as("%s of %s and %s for %d", operation, left, right, batch)
                                    .isEqualTo(exact);
                        }
                    }
                }
            }
        }
    }

    private static boolean holds(Quantity quantity, long batch, long number) {
        boolean isFormed = quantity.form()
                .map(sum -> sum.coefficient() * Math.pow(batch, sum.symbols().size()) + sum.offset() == number)
                .orElse(true);
        return isFormed && quantity.least() <= number && number <= quantity.most();
    }

    @Test
    void sizesAreFollowedThroughArithmetic() {
        Quantity doubled = BATCH.times(Quantity.of(2));
        Quantity three = Quantity.of(3);
        assertThat(doubled.minus(BATCH.minus(Quantity.ONE).times(Quantity.of(2)))
                        .number())
                .isEqualTo(2);
        assertThat(doubled.plus(Quantity.ONE).dividedBy(Quantity.of(2))).isEqualTo(BATCH);
        assertThat(doubled.plus(three).modulo(Quantity.of(2)).number()).isEqualTo(1);
        assertThat(BATCH.below(Quantity.ZERO).number()).isZero();
        assertThat(BATCH.larger(Quantity.ZERO)).isEqualTo(BATCH);
        assertThat(BATCH.dividedBy(three).isNeverNegative()).isTrue();
        assertThat(BATCH.minus(three).dim()).isEqualTo(Dim.UNKNOWN);
    }

    @Test
    void whatDoesNotFitIsUnknown() {
        Quantity large = Quantity.of(Long.MAX_VALUE);
        assertThat(large.plus(large)).isEqualTo(Quantity.UNKNOWN);
        assertThat(large.times(BATCH.plus(Quantity.of(2)))).isEqualTo(Quantity.UNKNOWN);
        assertThat(Quantity.of(1L << 31).in(OnnxType.INT32)).isEqualTo(Quantity.UNKNOWN);
        assertThat(Quantity.of(1L << 31).in(OnnxType.INT64).isKnown()).isTrue();
    }
}
