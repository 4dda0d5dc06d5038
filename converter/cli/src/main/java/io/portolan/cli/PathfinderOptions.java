package io.portolan.cli;

import io.portolan.graphs.data.pathfinder.Difficulty;
import io.portolan.graphs.data.pathfinder.Pathfinder;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of generated pictures: a level, and changes to it. */
@OptionGroup("Drawing")
final class PathfinderOptions {
    @Option(
            names = "--level",
            defaultValue = "easiest",
            paramLabel = "LEVEL",
            converter = Level.class,
            completionCandidates = Level.class,
            description = "Difficulty: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Difficulty level;

    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            description = "Side length of the picture. The level's lengths are scaled in proportion.")
    private Optional<Integer> size;

    @Option(names = "--segments", paramLabel = "N", description = "Paddles of each of the two long curves.")
    private Optional<Integer> segments;

    @Option(names = "--curvature", paramLabel = "DEGREES", description = "Maximum angle between a paddle and the next.")
    private Optional<Double> curvature;

    @Option(names = "--paddle-length", paramLabel = "PIXELS", description = "Length of a paddle.")
    private Optional<Double> paddleLength;

    @Option(names = "--thickness", paramLabel = "PIXELS", description = "Thickness of a paddle.")
    private Optional<Double> thickness;

    @Option(names = "--gap", paramLabel = "PIXELS", description = "Space between paddles; 0 makes continuous curves.")
    private Optional<Double> gap;

    @Option(names = "--distractors", paramLabel = "N", description = "Number of short curves without discs.")
    private Optional<Integer> distractors;

    @Option(names = "--distractor-segments", paramLabel = "N", description = "Paddles of each short curve.")
    private Optional<Integer> distractorSegments;

    @Option(names = "--disc-radius", paramLabel = "PIXELS", description = "Radius of the two discs.")
    private Optional<Double> discRadius;

    @Option(names = "--clearance", paramLabel = "PIXELS", description = "Minimum distance between two curves.")
    private Optional<Double> clearance;

    /** @throws IllegalArgumentException if a value is out of its range */
    Pathfinder pathfinder() {
        Pathfinder base = size.map(level.options()::scaledTo).orElse(level.options());
        return new Pathfinder(
                base.size(),
                segments.orElse(base.segments()),
                curvature.orElse(base.curvature()),
                paddleLength.orElse(base.paddleLength()),
                thickness.orElse(base.thickness()),
                gap.orElse(base.gap()),
                distractors.orElse(base.distractors()),
                distractorSegments.orElse(base.distractorSegments()),
                discRadius.orElse(base.discRadius()),
                clearance.orElse(base.clearance()));
    }

    /** The labels of the levels. */
    static final class Level implements ITypeConverter<Difficulty>, Iterable<String> {
        @Override
        public Difficulty convert(String label) {
            return Difficulty.named(label)
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + label + "' is not a level; expected one of " + String.join(", ", this)));
        }

        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Difficulty.values()).map(Difficulty::label).iterator();
        }
    }
}
