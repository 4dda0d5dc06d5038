package io.portolan.converter.source.keras;

import io.portolan.checkpoints.values.ArrayData;
import java.util.Map;
import org.tensorflow.Output;

/** The weights of a file. */
interface StoredWeights {
    /**
     * The array of each weight that a model has taken.
     *
     * @param model the weights of the whole model
     * @param layers those of each layer directly in it, by the layer's name
     * @throws io.portolan.converter.lowering.ConversionException if the file has not exactly these weights, in these shapes
     */
    Map<Output<?>, ArrayData> of(WeightSlots model, Map<String, WeightSlots> layers);
}
