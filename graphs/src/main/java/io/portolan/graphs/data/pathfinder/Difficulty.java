package io.portolan.graphs.data.pathfinder;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Named difficulty levels, from one that a small model learns in minutes to the published ones. */
public enum Difficulty {
    /** Short smooth curves without distractors. */
    EASIEST(new Pathfinder(64, 4, 24, 6, 1.5, 0, 0, 1, 3, 4)),

    /** Longer curves that bend more, and one distractor. */
    EASY(new Pathfinder(64, 6, 36, 6, 1.5, 0, 1, 3, 3, 3)),

    /** Gaps smaller than the paddles, and two distractors. */
    MEDIUM(new Pathfinder(96, 8, 36, 6, 1.5, 2, 2, 3, 3.5, 4)),

    /** Gaps close to the paddles' length, and four distractors. */
    HARD(new Pathfinder(160, 11, 38, 5.5, 1.75, 3.5, 4, 4, 4.5, 4)),

    /** The published difficulty with 9 paddles. */
    PATHFINDER_9(new Pathfinder(300, 9, 40, 5.5, 1.75, 4.5, 9, 3, 5, 4)),

    /** The published difficulty with 14 paddles. */
    PATHFINDER_14(new Pathfinder(300, 14, 40, 5.5, 1.75, 4.5, 6, 5, 5, 4)),

    /** The published difficulty with 20 paddles. */
    PATHFINDER_20(new Pathfinder(300, 20, 40, 5.5, 1.75, 4.5, 4, 7, 5, 4));

    private final Pathfinder options;

    Difficulty(Pathfinder options) {
        this.options = options;
    }

    public Pathfinder options() {
        return options;
    }

    /** The name on the command line, such as {@code pathfinder-14}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The level with a label. */
    public static Optional<Difficulty> named(String label) {
        return Arrays.stream(values())
                .filter(level -> level.label().equals(label))
                .findFirst();
    }
}
