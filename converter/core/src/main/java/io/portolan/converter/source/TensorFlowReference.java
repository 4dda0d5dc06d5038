package io.portolan.converter.source;

import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.verify.InputSample;
import io.portolan.converter.verify.Reference;
import java.util.List;

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
        return model.run().takes(type);
    }

    @Override
    public List<TensorData> run(InputSample sample) {
        try {
            return model.run().run(sample.tensors());
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
