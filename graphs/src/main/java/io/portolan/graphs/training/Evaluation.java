package io.portolan.graphs.training;

import java.util.Arrays;
import java.util.List;

/**
 * The results of a model on a data set.
 *
 * @param loss mean softmax cross-entropy over all samples, without label smoothing
 * @param confusion for each label, how often each class was predicted
 * @param seconds time for loading and computing
 */
public record Evaluation(double loss, List<List<Integer>> confusion, double seconds) {

    public Evaluation {
        confusion = confusion.stream().map(List::copyOf).toList();
    }

    public int samples() {
        return confusion.stream()
                .flatMap(List::stream)
                .mapToInt(Integer::intValue)
                .sum();
    }

    /** Share of samples whose predicted class is the label. */
    public double accuracy() {
        int right = 0;
        for (int label = 0; label < confusion.size(); label++) {
            right += confusion.get(label).get(label);
        }
        return (double) right / samples();
    }

    public double imagesPerSecond() {
        return samples() / seconds;
    }

    static List<List<Integer>> table(int[][] counts) {
        return Arrays.stream(counts)
                .map(row -> Arrays.stream(row).boxed().toList())
                .toList();
    }
}
