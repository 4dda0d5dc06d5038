package io.portolan.graphs.config;

import java.util.EnumSet;
import java.util.Set;

/** The revisions of the reference whose checkpoints are known, in order of time, named after the month of 2026. */
enum Revision {
    JANUARY("fdc9b22"),
    FEBRUARY("d577b00"),
    MARCH("500f012"),
    MAY("0979b26");

    private final String commit;

    Revision(String commit) {
        this.commit = commit;
    }

    String commit() {
        return commit;
    }

    /** This one and all later ones. */
    Set<Revision> andLater() {
        return EnumSet.range(this, MAY);
    }
}
