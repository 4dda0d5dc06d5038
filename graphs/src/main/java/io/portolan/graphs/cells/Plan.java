package io.portolan.graphs.cells;

import io.portolan.graphs.layers.ModuleScope;
import java.util.Locale;

/** The plans there are. */
public enum Plan {
    /** Step for step as the reference. */
    FAITHFUL,
    /** By identities that leave out most of the work. */
    FUSED;

    /** @param time for the fused plan; the faithful one goes the reference's way */
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
