package io.portolan.graphs.cells;

import java.util.Locale;

/** The available plans. */
public enum Plan {
    /** Follows the reference step by step. */
    FAITHFUL,
    /** Uses algebraic identities to avoid most of the work. */
    FUSED;

    /** What a cell is built with by this plan. */
    public CellBuilder builder(CellSite site) {
        return new CellBuilder(
                site,
                switch (this) {
                    case FAITHFUL -> new FaithfulPlan(site);
                    case FUSED -> new FusedPlan(site);
                });
    }

    /** The plan's name on the command line and in files. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
