package io.portolan.graphs.data;

import java.util.Locale;

/** What a part of a data set is for. */
public enum Split {
    TRAIN,
    VAL,
    TEST;

    /** The name in folders, files and metadata: {@code train}, {@code val} or {@code test}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
