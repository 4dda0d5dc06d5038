package io.portolan.converter;

import io.portolan.converter.source.TensorFlowModel;
import io.portolan.converter.source.TensorFlowReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Converts any TensorFlow graph to an ONNX file. */
public final class TensorFlowConverter {
    private final Stages stages;

    /** A converter that does not report its stages. */
    public TensorFlowConverter() {
        this(Stages.silent());
    }

    /** A converter that reports its stages. */
    public TensorFlowConverter(Stages stages) {
        this.stages = stages;
    }

    /**
     * Converts a model, runs the ONNX checker on the result, compares it with TensorFlow, and only then writes the
     * file.
     *
     * @return the result of the conversion
     * @throws io.portolan.converter.tensorflow.UnsupportedOpsException with all ops that cannot be converted
     * @throws io.portolan.converter.lowering.ConversionException if a node cannot be converted
     * @throws io.portolan.converter.onnx.OpsetException if the opset lacks operators that the model needs
     * @throws io.portolan.converter.TargetException if the target runtime lacks some
     * @throws io.portolan.converter.onnx.InvalidModelException if the checker rejects the result
     * @throws ParityException if the result differs from TensorFlow by more than the tolerance
     * @throws IOException if the file cannot be written
     */
    public ConversionReport convert(TensorFlowModel model, Path output, ConversionOptions options) throws IOException {
        Destination destination = new Destination(output, options.replace(), options.externalData());
        destination.requireWritable();
        NodeRecorder recorder = new NodeRecorder();
        TensorFlowModel ranked = model.withRanks(options.samples());
        ExportPipeline.Source source = new ExportPipeline.Source(ranked.graph(), ranked.inputs(), ranked.outputs());
        try (StagedExport staged =
                new ExportPipeline(stages, options.export()).export(source, Map.of(), destination, recorder)) {
            return new VerifiedExport(stages, options)
                    .publish(
                            staged, new TensorFlowReference(model), options.samples(), recorder.report(staged.graph()));
        }
    }
}
