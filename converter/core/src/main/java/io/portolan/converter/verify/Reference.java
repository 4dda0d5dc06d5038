package io.portolan.converter.verify;

import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import java.util.List;

/** Computes what the outputs of a converted model should be: what it was converted from, or a record of that. */
public interface Reference {
    /** Its name in messages, such as {@code TensorFlow}. */
    String name();

    /**
     * The outputs, in the order of the model's.
     *
     * @param sample a tensor for each input of the model
     * @throws io.portolan.converter.lowering.ConversionException if it cannot run on the sample
     */
    List<TensorData> run(InputSample sample);

    /** Whether it takes inputs of an element type. */
    default boolean takes(OnnxType type) {
        return true;
    }

    /** Whether it can run on any inputs; a record knows only its own. */
    default boolean isComputed() {
        return true;
    }
}
