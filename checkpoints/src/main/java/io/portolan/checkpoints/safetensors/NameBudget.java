package io.portolan.checkpoints.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.portolan.checkpoints.values.Utf8;

/**
 * A budget for the names in a header or an index. It is checked as each name is read, so that a file made to exhaust
 * the reader is refused early.
 */
final class NameBudget {
    /** Largest number of names; the largest published models have some hundred thousand tensors. */
    static final int MOST_NAMES = 300_000;

    static final int LONGEST_NAME = 1 << 16;
    static final String EXPECTATION =
            "at most " + MOST_NAMES + " names of at most " + LONGEST_NAME + " characters, in valid Unicode";

    /**
     * A factory that does not intern names: each occurs only once in a file, and a hostile file would fill the
     * process-wide table.
     */
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

    /** Counts a name, and returns whether it is within the budget. */
    boolean admits(String name) {
        return ++names <= MOST_NAMES && name.length() <= LONGEST_NAME && Utf8.holds(name);
    }
}
