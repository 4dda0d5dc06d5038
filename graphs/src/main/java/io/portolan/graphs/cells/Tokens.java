package io.portolan.graphs.cells;

import io.portolan.graphs.config.ModelOption;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Maps as sequences of tokens: the places of all frames, frame after frame and row after row, or those of each frame by
 * themselves. Frames by themselves need be only those that are read.
 */
final class Tokens {
    private final CellBuilder in;
    private final Ops tf;
    private final FeatureMap map;
    private final boolean isPerFrame;
    private final Operand<TFloat32> frames;

    private Tokens(CellBuilder in, boolean isPerFrame, Operand<TFloat32> frames) {
        this.in = in;
        this.tf = in.tf();
        this.map = in.map();
        this.isPerFrame = isPerFrame;
        this.frames = frames;
    }

    static Tokens of(CellBuilder in, FeatureSequence x) {
        boolean isPerFrame = in.options().text(ModelOption.FLATTEN_MODE).equals("per_frame");
        Operand<TFloat32> frames = in.frames(x);
        return new Tokens(in, isPerFrame, isPerFrame ? in.read(frames) : frames);
    }

    /** The maps that tokens are made of, {@code (B, T or 1, H, W, C)}. */
    Operand<TFloat32> frames() {
        return frames;
    }

    /** L, the length of a sequence. */
    int length() {
        return map.height() * map.width() * (isPerFrame ? 1 : map.steps());
    }

    /** Maps to sequences {@code (N, L, C)}. */
    Operand<TFloat32> of(Operand<TFloat32> maps) {
        Operand<TFloat32> all = isPerFrame ? maps : in.atEveryStep(maps);
        return tf.reshape(all, tf.constant(new int[] {-1, length(), channels(maps)}));
    }

    /** Sequences to the maps that are read, {@code (B, steps, H, W, C)}. */
    Operand<TFloat32> maps(Operand<TFloat32> tokens) {
        int steps = isPerFrame ? Math.toIntExact(frames.shape().get(1)) : map.steps();
        int[] shape = {-1, steps, map.height(), map.width(), channels(tokens)};
        return in.read(tf.reshape(tokens, tf.constant(shape)));
    }

    /** The mean of each sequence's tokens, {@code (N, C)}. */
    Operand<TFloat32> mean() {
        Operand<TFloat32> ofFrames = in.mean(frames);
        return isPerFrame
                ? tf.reshape(ofFrames, tf.constant(new int[] {-1, map.channels()}))
                : tf.math.mean(ofFrames, tf.constant(1));
    }

    private static int channels(Operand<TFloat32> x) {
        return Math.toIntExact(x.shape().get(x.rank() - 1));
    }
}
