package io.portolan.graphs.model;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** The attention of a vision transformer's blocks, looked up among the model's recorded outputs. */
public final class VitTrace {
    static final String ATTENTION = "attn";
    static final String WEIGHTS = "weights";

    private VitTrace() {}

    /** The path of the block of a number, which attends among the patches of a frame. */
    public static String block(int number) {
        return "block" + number;
    }

    /** The path of the block behind that of a number, which attends among frames. */
    public static String temporalBlock(int number) {
        return "temporal_block" + number;
    }

    /**
     * A block's attention: what each query takes of each key.
     *
     * @return {@code (B·T, heads, H·W, H·W)}, or {@code (B·H·W, heads, T, T)} of a block that attends among frames
     */
    public static Operand<TFloat32> attention(ModelGraph model, String block) {
        return model.outputs().get(block + "/" + ATTENTION + "/" + WEIGHTS);
    }
}
