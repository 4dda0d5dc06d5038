package io.portolan.converter.stablehlo.rewrites;

import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;

/**
 * A factor of the size of an axis. An axis of 8 that holds each of 2 elements 4 times in a row has the factors 2 and 4, of which the second
 * is repeated.
 *
 * @param size at least 2
 * @param repeated whether the tensor is the same all along it
 */
record Factor(long size, boolean repeated) {
    /** The factors of an axis of which nothing is known. */
    static List<Factor> plain(long size) {
        return size == 1 ? List.of() : List.of(new Factor(size, false));
    }

    /** The factors of an axis along which a tensor is the same. */
    static List<Factor> repeated(long size) {
        return size == 1 ? List.of() : List.of(new Factor(size, true));
    }

    /** The factors of the same axis if nothing were known of it. */
    static List<Factor> unknown(List<Factor> axis) {
        return plain(size(axis));
    }

    /** The size of an axis. */
    static long size(List<Factor> axis) {
        return axis.stream().mapToLong(Factor::size).reduce(1, (a, b) -> a * b);
    }

    /** The size of an axis without its repeated factors. */
    static long kept(List<Factor> axis) {
        return axis.stream()
                .filter(factor -> !factor.repeated())
                .mapToLong(Factor::size)
                .reduce(1, (a, b) -> a * b);
    }

    /** Neighbours of one kind as one factor. */
    static List<Factor> merged(List<Factor> axis) {
        List<Factor> merged = new ArrayList<>();
        for (Factor factor : axis) {
            int last = merged.size() - 1;
            if (last >= 0 && merged.get(last).repeated() == factor.repeated()) {
                merged.set(last, new Factor(merged.get(last).size() * factor.size(), factor.repeated()));
            } else {
                merged.add(factor);
            }
        }
        return List.copyOf(merged);
    }

    /**
     * The factors of an axis of a tensor that is computed from two, element by element: repeated where both are. If their factors do not
     * divide each other, nothing is repeated.
     */
    static List<Factor> common(List<Factor> one, List<Factor> other) {
        List<Factor> common = new LinkedList<>();
        Sequence left = new Sequence(one);
        Sequence right = new Sequence(other);
        while (left.hasNext()) {
            long size = Math.min(left.size(), right.size());
            if (left.size() % size != 0 || right.size() % size != 0) {
                return unknown(one);
            }
            common.add(
                    0,
                    new Factor(
                            size, left.take(size).repeated() & right.take(size).repeated()));
        }
        return merged(common);
    }

    /** Factors that are consumed from the innermost one, in parts where necessary. */
    static final class Sequence {
        private final List<Factor> rest;

        Sequence(List<Factor> factors) {
            this.rest = new ArrayList<>(factors);
        }

        boolean hasNext() {
            return !rest.isEmpty();
        }

        /** The size of the next factor. */
        long size() {
            return rest.get(rest.size() - 1).size();
        }

        /** Takes a part of the next factor whose size divides it. */
        Factor take(long size) {
            Factor factor = rest.remove(rest.size() - 1);
            if (factor.size() != size) {
                rest.add(new Factor(factor.size() / size, factor.repeated()));
            }
            return new Factor(size, factor.repeated());
        }
    }
}
