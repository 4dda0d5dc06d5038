package io.portolan.checkpoints.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.portolan.checkpoints.values.Utf8;

/**
 * What the names in a header or an index may add up to. It is asked for each name as it is read, so that a file that was
 * made to exhaust the reader is refused after the first part of it.
 */
final class NameBudget {
    /** The largest models that are published have some hundred thousand tensors. */
    static final int MOST_NAMES = 300_000;

    static final int LONGEST_NAME = 1 << 16;
    static final String EXPECTATION =
            "at most " + MOST_NAMES + " names of at most " + LONGEST_NAME + " characters, in valid Unicode";

    /** Names are not interned: those of a file come once, and a hostile one would fill the table of the process. */
    static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxNumberLength(20)
                    .maxNameLength(LONGEST_NAME)
                    .build())
            .build();

    private int names;

    /** Counts one name; whether it may be taken. */
    boolean admits(String name) {
        return ++names <= MOST_NAMES && name.length() <= LONGEST_NAME && Utf8.holds(name);
    }
}
