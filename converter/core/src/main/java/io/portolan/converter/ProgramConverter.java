package io.portolan.converter;

import io.portolan.converter.stablehlo.ProgramImporter;
import io.portolan.converter.stablehlo.ops.StandardLowerings;
import io.portolan.converter.verify.InputSample;
import io.portolan.converter.verify.Reference;
import io.portolan.programs.Program;
import io.portolan.programs.stablehlo.Elements;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Converts any JAX program to an ONNX file. */
public final class ProgramConverter {
    private final Stages stages;

    /** A converter that does not report its stages. */
    public ProgramConverter() {
        this(Stages.silent());
    }

    /** A converter that reports its stages. */
    public ProgramConverter(Stages stages) {
        this.stages = stages;
    }

    /**
     * Converts a program, runs the ONNX checker on the result, compares it with a reference, and only then writes the file.
     *
     * @param frozen the values of arguments that become constants, by path; the others become inputs
     * @param reference computes what the outputs should be; not used if the options say not to compare
     * @return the result of the conversion
     * @throws io.portolan.converter.stablehlo.RefusedOperationsException with all operations that cannot be converted
     * @throws io.portolan.converter.lowering.ConversionException if an operation cannot be converted
     * @throws io.portolan.converter.onnx.OpsetException if the opset lacks operators that the model needs
     * @throws io.portolan.converter.TargetException if the target runtime lacks some
     * @throws io.portolan.converter.onnx.InvalidModelException if the checker rejects the result
     * @throws ParityException if the result differs from the reference by more than the tolerance
     * @throws IOException if the file cannot be written
     */
    public ConversionReport convert(
            Program program, Map<String, Elements> frozen, Reference reference, Path output, ConversionOptions options)
            throws IOException {
        Destination destination = new Destination(output, options.replace(), options.externalData());
        destination.requireWritable();
        ProgramImporter importer = new ProgramImporter(StandardLowerings.registry());
        try (StagedExport staged = new ExportPipeline(stages, options.export())
                .export(() -> importer.importProgram(program, frozen), Map.of(), destination)) {
            List<InputSample> samples = options.verify() ? samples(program, frozen, options) : List.of();
            return new VerifiedExport(stages, options).publish(staged, reference, samples, List.of());
        }
    }

    private static List<InputSample> samples(Program program, Map<String, Elements> frozen, ConversionOptions options) {
        ProgramSamples samples = new ProgramSamples(program, frozen.keySet());
        return options.samples().stream().map(samples::fitted).toList();
    }
}
