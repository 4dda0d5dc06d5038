package io.portolan.graphs.cells;

import io.portolan.graphs.config.ModelOption;
import io.portolan.graphs.config.PositionMode;
import io.portolan.graphs.config.SimpleCssmConfig;
import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.ops.Slices;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Positions that are marked before the cells ({@code docs/model.md}, section 2.3). */
public final class Positions {
    private Positions() {}

    /** A sequence with the positions that its model marks before the cells. */
    public static FeatureSequence mark(ModuleScope scope, FeatureMap map, SimpleCssmConfig config, FeatureSequence x) {
        Ops tf = scope.tf();
        RotaryEmbedding embedding = new RotaryEmbedding(tf, map);
        return switch (config.positions()) {
            case LEARNABLE -> x.plus(tf, scope.parameter("pos_embed", 1, 1, map.height(), map.width(), map.channels()));
            case SINUSOIDAL -> inSpace(embedding, tf, x).plus(tf, embedding.timeCode(x.value()));
            case SEPARATE -> inSpace(embedding, tf, x).plus(tf, table(scope, map, config));
            case SPATIOTEMPORAL, TEMPORAL, MROPE, SPATIAL_ONLY, NONE -> x;
        };
    }

    private static FeatureSequence inSpace(RotaryEmbedding embedding, Ops tf, FeatureSequence x) {
        Operand<TFloat32> rotated = embedding.rotate(PositionMode.SPATIAL_ONLY, x.withTime(tf));
        return x.isStill() ? FeatureSequence.still(tf, rotated) : new FeatureSequence(rotated);
    }

    /** The learned rows of the steps, {@code (1, T, 1, 1, C)}; more steps than rows lie between the rows at equal distances. */
    private static Operand<TFloat32> table(ModuleScope scope, FeatureMap map, SimpleCssmConfig config) {
        if (map.isOpen()) {
            throw new IllegalArgumentException("a table of positions needs a fixed number of frames");
        }
        Ops tf = scope.tf();
        int rows = config.options().count(ModelOption.TIME_TABLE);
        Operand<TFloat32> table = scope.parameter("temporal_embed", new Initializer.Normal(0.02), rows, map.channels());
        int steps = map.steps();
        Operand<TFloat32> ofSteps =
                steps <= rows ? Slices.along(tf, table, 0, 0, steps, 1) : interpolated(tf, table, rows, steps);
        return tf.reshape(ofSteps, tf.constant(new int[] {1, steps, 1, 1, map.channels()}));
    }

    private static Operand<TFloat32> interpolated(Ops tf, Operand<TFloat32> table, int rows, int steps) {
        List<Operand<TFloat32>> between = new ArrayList<>();
        for (int t = 0; t < steps; t++) {
            float place = t * (rows - 1f) / (steps - 1f);
            int low = Math.min((int) place, rows - 1);
            int high = Math.min(low + 1, rows - 1);
            float part = place - low;
            between.add(tf.math.add(
                    tf.math.mul(Slices.along(tf, table, 0, low, low + 1, 1), tf.constant(1 - part)),
                    tf.math.mul(Slices.along(tf, table, 0, high, high + 1, 1), tf.constant(part))));
        }
        return tf.concat(between, tf.constant(0));
    }
}
