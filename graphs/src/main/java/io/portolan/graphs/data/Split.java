package io.portolan.graphs.data;

import java.util.Locale;

/** The parts of a data set. */
public enum Split {
    TRAIN,
    VAL,
    TEST;

    /** The name in folders, files and metadata: {@code train}, {@code val} or {@code test}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
