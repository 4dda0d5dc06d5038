package io.portolan.graphs.cells;

import io.portolan.graphs.layers.ModuleScope;
import java.util.Locale;

/** The available plans. */
public enum Plan {
    /** Follows the reference step by step. */
    FAITHFUL,
    /** Uses algebraic identities to avoid most of the work. */
    FUSED;

    /** @param time the form of the fused plan's recurrence; the faithful plan ignores it */
    public CellPlan of(ModuleScope scope, FeatureMap map, TimeForm time) {
        return switch (this) {
            case FAITHFUL -> new FaithfulPlan(scope, map);
            case FUSED -> new FusedPlan(scope, map, time);
        };
    }

    /** The plan's name on the command line and in files. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
