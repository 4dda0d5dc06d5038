package io.portolan.converter.lowering;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.Value;

/** A sum of Chebyshev polynomials on [-1, 1]. */
final class ChebyshevSeries {
    private final double[] coefficients;

    /** A series of these coefficients, the lowest degree first. */
    ChebyshevSeries(double... coefficients) {
        this.coefficients = coefficients;
    }

    /** The number of coefficients. */
    int terms() {
        return coefficients.length;
    }

    /** The sum of the first terms, by Clenshaw's recurrence. */
    Value at(GraphBuilder b, Value u, int terms) {
        Value twice = b.add(u, u);
        Value before = b.like(u, 0);
        Value last = b.like(u, coefficients[terms - 1]);
        for (int i = terms - 2; i > 0; i--) {
            Value next = b.add(b.sub(b.mul(twice, last), before), b.like(u, coefficients[i]));
            before = last;
            last = next;
        }
        return b.add(b.sub(b.mul(u, last), before), b.like(u, coefficients[0]));
    }
}
