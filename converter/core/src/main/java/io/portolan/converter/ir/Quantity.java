package io.portolan.converter.ir;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * An element of an integer or boolean tensor as far as it is known before the graph runs: its bounds and, if it has one, its form
 * {@code offset + coefficient * symbols}, such as {@code 7}, {@code -1} or {@code 2*batch - 3}. A truth value is 0 or 1. Results that
 * do not fit 64 bits are unknown.
 *
 * @param form the form, if it has one
 * @param least its lower bound; {@link Long#MIN_VALUE} if there is none
 * @param most its upper bound; {@link Long#MAX_VALUE} if there is none
 */
record Quantity(Optional<Form> form, long least, long most) {
    private static final long NO_LEAST = Long.MIN_VALUE;
    private static final long NO_MOST = Long.MAX_VALUE;

    /** A quantity of which nothing is known. */
    static final Quantity UNKNOWN = bounded(NO_LEAST, NO_MOST);

    static final Quantity ZERO = of(0);
    static final Quantity ONE = of(1);
    private static final Quantity TRUE = ONE;
    private static final Quantity FALSE = ZERO;
    private static final Quantity UNDECIDED = bounded(0, 1);

    /**
     * The sum of a number and a multiple of symbols, which stand for sizes: numbers not below 0.
     *
     * @param coefficient the factor of the symbols; 0 if there are none
     * @param symbols the symbolic factors, sorted
     * @param offset the number
     */
    record Form(long coefficient, List<String> symbols, long offset) {
        Form {
            symbols = coefficient == 0 ? List.of() : List.copyOf(symbols);
        }

        boolean isNumber() {
            return coefficient == 0;
        }
    }

    /** A number. */
    static Quantity of(long number) {
        return new Quantity(Optional.of(new Form(0, List.of(), number)), number, number);
    }

    /** The size of an axis. */
    static Quantity of(Dim dim) {
        return dim.isUnknown() ? bounded(0, NO_MOST) : of(dim.coefficient(), dim.symbols(), 0);
    }

    private static Quantity of(long coefficient, List<String> symbols, long offset) {
        // An empty product of symbols is 1.
        if (coefficient == 0 || symbols.isEmpty()) {
            return of(Math.addExact(offset, coefficient));
        }
        return new Quantity(
                Optional.of(new Form(coefficient, symbols, offset)),
                coefficient > 0 ? offset : NO_LEAST,
                coefficient < 0 ? offset : NO_MOST);
    }

    private static Quantity bounded(long least, long most) {
        return least == most ? of(least) : new Quantity(Optional.empty(), least, most);
    }

    /** Whether this is a number. */
    boolean isKnown() {
        return form.isPresent() && form.get().isNumber();
    }

    /** The number that this is {@linkplain #isKnown() known} to be. */
    long number() {
        return form.orElseThrow().offset();
    }

    /** This as the size of an axis; unknown for negative numbers and for forms that sizes do not have. */
    Dim dim() {
        if (isKnown()) {
            return number() < 0 ? Dim.UNKNOWN : Dim.of(number());
        }
        return form.filter(sum -> sum.offset() == 0 && sum.coefficient() > 0)
                .map(product -> new Dim(product.coefficient(), product.symbols()))
                .orElse(Dim.UNKNOWN);
    }

    Quantity plus(Quantity other) {
        return formed(other, Quantity::sum)
                .orElseGet(() -> bounded(added(least, other.least), added(most, other.most)));
    }

    private static Optional<Quantity> sum(Form a, Form b) {
        boolean areAlike = a.symbols().equals(b.symbols()) || a.isNumber() || b.isNumber();
        return areAlike
                ? Optional.of(of(
                        Math.addExact(a.coefficient(), b.coefficient()),
                        a.isNumber() ? b.symbols() : a.symbols(),
                        Math.addExact(a.offset(), b.offset())))
                : Optional.empty();
    }

    Quantity minus(Quantity other) {
        return plus(other.negated());
    }

    Quantity negated() {
        return times(of(-1));
    }

    Quantity times(Quantity other) {
        return formed(other, Quantity::product).orElseGet(() -> {
            long[] corners = {
                multiplied(least, other.least),
                multiplied(least, other.most),
                multiplied(most, other.least),
                multiplied(most, other.most)
            };
            return bounded(
                    Math.min(Math.min(corners[0], corners[1]), Math.min(corners[2], corners[3])),
                    Math.max(Math.max(corners[0], corners[1]), Math.max(corners[2], corners[3])));
        });
    }

    private static Optional<Quantity> product(Form a, Form b) {
        if (a.isNumber() || b.isNumber()) {
            long factor = a.isNumber() ? a.offset() : b.offset();
            Form sum = a.isNumber() ? b : a;
            return Optional.of(of(
                    Math.multiplyExact(sum.coefficient(), factor),
                    sum.symbols(),
                    Math.multiplyExact(sum.offset(), factor)));
        }
        return a.offset() == 0 && b.offset() == 0
                ? Optional.of(of(
                        Math.multiplyExact(a.coefficient(), b.coefficient()), Dim.joined(a.symbols(), b.symbols()), 0))
                : Optional.empty();
    }

    /** The quotient, rounded towards zero; where the divisor is a symbol, it is taken not to be 0. */
    Quantity dividedBy(Quantity divisor) {
        return formed(divisor, Quantity::quotient)
                .orElseGet(() -> divisor.least > 0 ? withinQuotients(divisor) : UNKNOWN);
    }

    private static Optional<Quantity> quotient(Form a, Form b) {
        if (!b.isNumber()) {
            boolean isExact = a.offset() == 0 && b.offset() == 0 && a.coefficient() % b.coefficient() == 0;
            return isExact
                    ? Dim.without(a.symbols(), b.symbols())
                            .map(symbols -> of(a.coefficient() / b.coefficient(), symbols, 0))
                    : Optional.empty();
        }
        long divisor = b.offset();
        if (divisor == 0) {
            return Optional.empty();
        }
        // A multiple of the divisor can be split off unless the rest has the other sign, towards which the sum would be
        // rounded.
        boolean isPositive = a.coefficient() >= 0 && a.offset() >= 0 && divisor > 0;
        boolean isExact = a.isNumber() || a.coefficient() % divisor == 0 && (a.offset() % divisor == 0 || isPositive);
        return isExact
                ? Optional.of(of(a.coefficient() / divisor, a.symbols(), a.offset() / divisor))
                : Optional.empty();
    }

    private Quantity withinQuotients(Quantity divisor) {
        return bounded(
                least == NO_LEAST ? NO_LEAST : least / (least < 0 ? divisor.least : divisor.most),
                most == NO_MOST ? NO_MOST : most / (most < 0 ? divisor.most : divisor.least));
    }

    /** The remainder of the quotient rounded down. */
    Quantity modulo(Quantity divisor) {
        if (!divisor.isKnown() || divisor.number() <= 0) {
            return divisor.least > 0 ? bounded(0, divisor.most == NO_MOST ? NO_MOST : divisor.most - 1) : UNKNOWN;
        }
        long number = divisor.number();
        return form.filter(sum -> sum.coefficient() % number == 0)
                .map(sum -> of(Math.floorMod(sum.offset(), number)))
                .orElseGet(() -> bounded(0, number - 1));
    }

    Quantity smaller(Quantity other) {
        Quantity difference = other.minus(this);
        return difference.least >= 0
                ? this
                : difference.most <= 0 ? other : bounded(Math.min(least, other.least), Math.min(most, other.most));
    }

    Quantity larger(Quantity other) {
        Quantity difference = other.minus(this);
        return difference.most <= 0
                ? this
                : difference.least >= 0 ? other : bounded(Math.max(least, other.least), Math.max(most, other.most));
    }

    Quantity absolute() {
        return larger(negated());
    }

    /** Whether this is below another. */
    Quantity below(Quantity other) {
        Quantity difference = other.minus(this);
        return difference.least > 0 ? TRUE : difference.most <= 0 ? FALSE : UNDECIDED;
    }

    /** Whether this is not above another. */
    Quantity atMost(Quantity other) {
        return other.below(this).not();
    }

    /** Whether this is the same as another. */
    Quantity same(Quantity other) {
        Quantity difference = other.minus(this);
        return difference.least > 0 || difference.most < 0
                ? FALSE
                : difference.least == 0 && difference.most == 0 ? TRUE : UNDECIDED;
    }

    /** Of truth values, whether this does not hold. */
    Quantity not() {
        return ONE.minus(this);
    }

    /** This quantity or another one, whichever is chosen when the graph runs. */
    Quantity or(Quantity other) {
        return equals(other) && form.isPresent()
                ? this
                : bounded(Math.min(least, other.least), Math.max(most, other.most));
    }

    /** Whether this is never below 0. */
    boolean isNeverNegative() {
        return least >= 0;
    }

    /** This, or unknown if it is a number that an element type cannot hold. */
    Quantity in(OnnxType type) {
        return type == OnnxType.INT32 && (isKnown() && number() != (int) number()) ? UNKNOWN : this;
    }

    /** A result by the forms of two quantities; empty if a form is missing or the result has none. */
    private Optional<Quantity> formed(Quantity other, BiFunction<Form, Form, Optional<Quantity>> operator) {
        if (form.isEmpty() || other.form.isEmpty()) {
            return Optional.empty();
        }
        try {
            return operator.apply(form.get(), other.form.get());
        } catch (ArithmeticException overflow) {
            return Optional.of(UNKNOWN);
        }
    }

    /** The sum of two bounds of the same side; infinite if one of them is. */
    private static long added(long a, long b) {
        long sum = a + b;
        boolean overflows = ((a ^ sum) & (b ^ sum)) < 0;
        return isInfinite(a) ? a : isInfinite(b) ? b : overflows ? infinite(a < 0) : sum;
    }

    private static long multiplied(long a, long b) {
        if (a == 0 || b == 0) {
            return 0;
        }
        boolean isNegative = a < 0 != b < 0;
        boolean isLarge = isInfinite(a) || isInfinite(b) || Math.multiplyHigh(a, b) != (a * b) >> Long.SIZE - 1;
        return isLarge ? infinite(isNegative) : a * b;
    }

    private static boolean isInfinite(long bound) {
        return bound == NO_LEAST || bound == NO_MOST;
    }

    private static long infinite(boolean isNegative) {
        return isNegative ? NO_LEAST : NO_MOST;
    }
}
