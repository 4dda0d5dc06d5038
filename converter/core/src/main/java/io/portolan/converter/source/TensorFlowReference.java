package io.portolan.converter.source;

import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.verify.InputSample;
import io.portolan.converter.verify.Reference;
import io.portolan.converter.verify.TensorRuns;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A TensorFlow graph as the reference of its export. */
public final class TensorFlowReference implements Reference {
    private final TensorFlowModel model;

    /** The reference of a model. */
    public TensorFlowReference(TensorFlowModel model) {
        this.model = model;
    }

    @Override
    public String name() {
        return "TensorFlow";
    }

    @Override
    public boolean takes(OnnxType type) {
        return TensorRuns.knows(type);
    }

    @Override
    public List<TensorData> run(InputSample sample) {
        Map<String, TensorData> feeds = new LinkedHashMap<>();
        model.inputs()
                .forEach((tensor, name) -> feeds.put(tensor, sample.tensors().get(name)));
        try {
            return TensorRuns.tensorFlow(
                    model.session(), List.copyOf(model.outputs().keySet()), feeds);
        } catch (RuntimeException failure) {
            // TensorFlow's exceptions have no common superclass.
            throw new ConversionException(
                    "TensorFlow cannot run the model on " + sample.name() + " " + sample.tensors()
                            + "; give inputs shapes that fit, samples of your own, or convert without the comparison: "
                            + failure.getMessage(),
                    failure,
                    ConversionException.Remedy.GIVE_SHAPE,
                    ConversionException.Remedy.GIVE_SAMPLES,
                    ConversionException.Remedy.SKIP_COMPARISON);
        }
    }
}
