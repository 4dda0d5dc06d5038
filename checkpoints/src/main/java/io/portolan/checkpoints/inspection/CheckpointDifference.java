package io.portolan.checkpoints.inspection;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.values.ArrayData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the parameters and running statistics of two checkpoints differ. The rest of the files (optimiser, metadata) is not
 * compared.
 *
 * @param equal how many arrays have equal types, shapes and bits
 * @param differences all others: arrays of only one checkpoint first, then other shapes, then by falling difference
 */
public record CheckpointDifference(int equal, List<ArrayDifference> differences) {
    private static final String STATISTICS = "batch_stats/";

    private static final Comparator<ArrayDifference> GREATEST_FIRST = Comparator.comparing(
                    (ArrayDifference difference) ->
                            Math.min(difference.kind().ordinal(), ArrayDifference.Kind.TYPE.ordinal()))
            .thenComparing(
                    Comparator.comparingDouble(ArrayDifference::maxAbsolute).reversed());

    public CheckpointDifference {
        differences = List.copyOf(differences);
    }

    /**
     * Compares two checkpoints.
     *
     * @throws java.io.UncheckedIOException if elements cannot be read
     */
    public static CheckpointDifference of(Checkpoint first, Checkpoint second) {
        List<ArrayDifference> differences = new ArrayList<>();
        int equal = compare("", first.parameters(), second.parameters(), differences)
                + compare(STATISTICS, first.batchStatistics(), second.batchStatistics(), differences);
        differences.sort(GREATEST_FIRST);
        return new CheckpointDifference(equal, differences);
    }

    /** Whether there is no difference. */
    public boolean isEmpty() {
        return differences.isEmpty();
    }

    private static int compare(
            String prefix, ParameterTree first, ParameterTree second, List<ArrayDifference> differences) {
        Map<String, ArrayData> ones = first.arrays();
        Map<String, ArrayData> others = second.arrays();
        Set<String> paths = new LinkedHashSet<>(ones.keySet());
        paths.addAll(others.keySet());
        int equal = 0;
        for (String path : paths) {
            Optional<ArrayDifference> difference;
            if (!others.containsKey(path)) {
                difference = Optional.of(ArrayDifference.onlyInFirst(prefix + path, ones.get(path)));
            } else if (!ones.containsKey(path)) {
                difference = Optional.of(ArrayDifference.onlyInSecond(prefix + path, others.get(path)));
            } else {
                difference = ArrayDifference.of(prefix + path, ones.get(path), others.get(path));
            }
            difference.ifPresent(differences::add);
            equal += difference.isEmpty() ? 1 : 0;
        }
        return equal;
    }
}
