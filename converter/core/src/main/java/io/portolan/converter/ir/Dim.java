package io.portolan.converter.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One dimension of a shape: a coefficient times any number of symbols, such as {@code 7}, {@code batch} or
 * {@code 8*batch}; or unknown. Products and exact quotients stay in this form, so that a reshape which merges the batch
 * with other axes and one which splits it again lead back to the same symbol.
 *
 * @param coefficient the known factor, at least 0; -1 only in {@link #UNKNOWN}
 * @param symbols the symbolic factors, sorted; a symbol that occurs twice is squared
 */
public record Dim(long coefficient, List<String> symbols) {
    /** An unknown dimension. Two unknown dimensions are never known to be equal. */
    public static final Dim UNKNOWN = new Dim(-1, List.of());

    /** The dimension 1. */
    public static final Dim ONE = of(1);

    public Dim {
        symbols = coefficient == 0 ? List.of() : List.copyOf(symbols);
    }

    /** A dimension known to be {@code size}. */
    public static Dim of(long size) {
        if (size < 0) {
            throw new IllegalArgumentException("A dimension cannot be " + size);
        }
        return new Dim(size, List.of());
    }

    /** A dimension known only by name. */
    public static Dim symbol(String name) {
        return new Dim(1, List.of(name));
    }

    /** Whether this is a number. */
    public boolean isKnown() {
        return coefficient >= 0 && symbols.isEmpty();
    }

    /** Whether this is {@link #UNKNOWN}. */
    public boolean isUnknown() {
        return coefficient < 0;
    }

    /** Whether this is the number {@code size}. */
    public boolean is(long size) {
        return isKnown() && coefficient == size;
    }

    /** The number, if it is known. */
    public OptionalLong size() {
        return isKnown() ? OptionalLong.of(coefficient) : OptionalLong.empty();
    }

    /** Whether both sizes are the same for every value of the symbols. */
    public boolean sameAs(Dim other) {
        return !isUnknown() && equals(other);
    }

    /** Whether the two sizes can be the same for some value of the symbols. */
    public boolean canEqual(Dim other) {
        return !isKnown() || !other.isKnown() || coefficient == other.coefficient;
    }

    /** The product; a factor 0 makes it 0, otherwise an unknown factor makes it unknown. */
    public Dim times(Dim other) {
        if (is(0) || other.is(0)) {
            return of(0);
        }
        if (isUnknown() || other.isUnknown()) {
            return UNKNOWN;
        }
        return new Dim(Math.multiplyExact(coefficient, other.coefficient), joined(symbols, other.symbols));
    }

    /** The symbols of a product. */
    static List<String> joined(List<String> symbols, List<String> others) {
        List<String> factors = new ArrayList<>(symbols);
        factors.addAll(others);
        factors.sort(null);
        return factors;
    }

    /** The quotient when it is exact for every value of the symbols, otherwise unknown. */
    public Dim dividedBy(Dim divisor) {
        if (isUnknown() || divisor.isUnknown() || divisor.is(0) || coefficient % divisor.coefficient != 0) {
            return UNKNOWN;
        }
        return without(symbols, divisor.symbols)
                .map(factors -> new Dim(coefficient / divisor.coefficient, factors))
                .orElse(UNKNOWN);
    }

    /** The symbols of an exact quotient; empty if a symbol of the divisor is not among those of the dividend. */
    static Optional<List<String>> without(List<String> symbols, List<String> divisors) {
        List<String> factors = new ArrayList<>(symbols);
        boolean isExact = divisors.stream().allMatch(factors::remove);
        return isExact ? Optional.of(factors) : Optional.empty();
    }

    /** The size of an axis when tensors of these two sizes are broadcast. */
    Dim broadcastWith(Dim other) {
        if (is(1) || sameAs(other)) {
            return other;
        }
        if (other.is(1)) {
            return this;
        }
        if (isKnown() && other.isKnown()) {
            throw new IllegalArgumentException("sizes " + this + " and " + other + " do not broadcast");
        }
        // One side is a number above 1, so the other must be that number or 1; two symbols could each be 1.
        return isKnown() ? this : other.isKnown() ? other : UNKNOWN;
    }

    /** {@code 7}, {@code batch}, {@code 8*batch} or {@code ?}. */
    @Override
    public String toString() {
        if (isUnknown()) {
            return "?";
        }
        if (symbols.isEmpty()) {
            return Long.toString(coefficient);
        }
        String product = String.join("*", symbols);
        return coefficient == 1 ? product : coefficient + "*" + product;
    }
}
