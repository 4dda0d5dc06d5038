package io.portolan.converter.xla;

import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.stablehlo.ProgramImporter;
import io.portolan.converter.verify.InputSample;
import io.portolan.converter.verify.Reference;
import io.portolan.programs.Program;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A program that XLA compiles and runs, as the reference of what it was converted to. */
public final class XlaReference implements Reference, AutoCloseable {
    private final Program program;
    private final XlaProgram compiled;

    /**
     * Prepares a program.
     *
     * @param frozen the values of arguments that are constants of the model, by path
     * @throws XlaException if it has arguments or results that TensorFlow cannot pass
     */
    public XlaReference(Program program, Map<String, Elements> frozen) {
        this.program = program;
        this.compiled = new XlaProgram(program, frozen, 0);
    }

    @Override
    public String name() {
        return "XLA";
    }

    @Override
    public List<TensorData> run(InputSample sample) {
        List<Elements> inputs = new ArrayList<>();
        for (String path : compiled.inputs()) {
            ElementType element = program.arguments().stream()
                    .filter(argument -> argument.path().equals(path))
                    .findFirst()
                    .orElseThrow()
                    .element();
            inputs.add(elements(sample.tensors().get(ProgramImporter.inputName(path)), element));
        }
        return compiled.run(inputs).stream().map(XlaReference::data).toList();
    }

    private static Elements elements(TensorData data, ElementType element) {
        long[] shape = data.shape();
        long[] sizes = element.isComplex() ? Arrays.copyOf(shape, shape.length - 1) : shape;
        return new Elements(TensorType.of(element, sizes), data.bytes());
    }

    private static TensorData data(Elements elements) {
        TensorType type = elements.type();
        List<Long> dims = new ArrayList<>(type.dims());
        if (type.element().isComplex()) {
            dims.add(2L);
        }
        OnnxType stored = io.portolan.converter.stablehlo.ElementTypes.stored(type.element());
        return new TensorData(stored, dims.stream().mapToLong(Long::longValue).toArray(), elements.expanded());
    }

    @Override
    public void close() {
        compiled.close();
    }
}
