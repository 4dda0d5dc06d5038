package io.portolan.converter.verify;

import io.portolan.converter.ir.TensorData;
import io.portolan.converter.lowering.ConversionException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Outputs that were recorded with the inputs, in the same sample. */
public final class RecordedReference implements Reference {
    private final List<String> outputs;

    /**
     * A reference for the outputs of a model.
     *
     * @param outputs their names
     */
    public RecordedReference(List<String> outputs) {
        this.outputs = List.copyOf(outputs);
    }

    @Override
    public String name() {
        return "the recorded outputs";
    }

    @Override
    public boolean isComputed() {
        return false;
    }

    @Override
    public List<TensorData> run(InputSample sample) {
        List<TensorData> recorded = new ArrayList<>();
        for (String output : outputs) {
            TensorData tensor = sample.tensors().get(output);
            if (tensor == null) {
                throw new ConversionException(
                        sample.name() + ": holds no array '" + output + "', the output to compare with; it holds "
                                + new TreeSet<>(sample.tensors().keySet()));
            }
            recorded.add(tensor);
        }
        return recorded;
    }
}
