package io.portolan.graphs.golden;

import io.portolan.graphs.model.ModelGraph;
import java.util.List;
import java.util.Random;

/** Inputs whose last bits are moved, and what that does to logits. */
public final class LastBits {
    private static final int DRAWS = 5;

    private LastBits() {}

    /** Each number moved to one of its neighbours, by chance but always alike. */
    public static float[] moved(float[] input, long seed) {
        Random random = new Random(seed);
        float[] moved = input.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] = random.nextBoolean() ? Math.nextUp(moved[i]) : Math.nextDown(moved[i]);
        }
        return moved;
    }

    /** The largest difference of two logits that moved inputs make, of some draws. */
    public static double noise(ModelGraph graph, float[] input) {
        float[] logits = logits(graph, input);
        double largest = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            largest = Math.max(
                    largest,
                    Closeness.between(logits(graph, moved(input, draw)), logits).maxAbsolute());
        }
        return largest;
    }

    private static float[] logits(ModelGraph graph, float[] input) {
        return graph.run(input, List.of(ModelGraph.LOGITS)).get(ModelGraph.LOGITS);
    }
}
