package io.portolan.graphs.cells;

import java.util.List;

/**
 * A variable of a cell's equations, at every step.
 *
 * @param symbol as the equations write it, such as Q
 * @param terms the summands that it is made of; none if it is no sum
 */
public record StepVariable(String symbol, StepValues values, List<Term> terms) {
    /** The source of a term that comes from no variable of the cell. */
    public static final String INPUT = "input";

    /**
     * A summand of a variable.
     *
     * @param source the symbol of the variable that it comes from, or {@link #INPUT}
     * @param symbol such as w·K̂·K
     */
    public record Term(String source, String symbol, StepValues values) {}
}
