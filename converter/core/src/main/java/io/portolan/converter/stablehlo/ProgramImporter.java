package io.portolan.converter.stablehlo;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.stablehlo.rewrites.Rewrites;
import io.portolan.programs.Program;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.Function;
import io.portolan.programs.stablehlo.TensorType;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Imports a JAX program as an ONNX graph. Its inputs are the arguments that the code takes and that have no given value, in order; a
 * complex tensor has a last axis of real and imaginary part.
 */
public final class ProgramImporter {
    private final LoweringRegistry registry;

    /** An importer with the operations of a registry. */
    public ProgramImporter(LoweringRegistry registry) {
        this.registry = registry;
    }

    /**
     * Imports a program.
     *
     * @param frozen the values of arguments that become constants, by path
     * @throws RefusedOperationsException if the program holds operations that cannot be converted; nothing is built then
     * @throws ConversionException if an operation cannot be converted
     */
    public OnnxGraph importProgram(Program program, Map<String, Elements> frozen) {
        SupportCheck.require(program.module(), registry);
        OnnxGraph graph = new OnnxGraph(program.name().isEmpty() ? "program" : program.name());
        List<String> outputs = program.results().stream()
                .map(result -> outputName(result.path()))
                .toList();
        outputs.forEach(graph::reserveOutput);
        List<LoweredTensor> parameters = parameters(
                program, program.usedArguments(), (type, argument) -> argument(argument, type, frozen, graph), graph);
        List<LoweredTensor> results = translate(program, parameters, graph);
        if (results.size() != outputs.size()) {
            throw new ConversionException(
                    "The program returns " + results.size() + " values, but its file describes " + outputs.size());
        }
        for (int i = 0; i < outputs.size(); i++) {
            GraphBuilder b = new GraphBuilder(graph).scope(outputs.get(i));
            graph.bindOutput(outputs.get(i), stored(results.get(i), b));
        }
        return graph;
    }

    /**
     * Appends a program to a graph.
     *
     * @param arguments a tensor in full size for each argument that the code takes
     * @return a tensor in full size for each result
     * @throws RefusedOperationsException if the program holds operations that cannot be converted
     * @throws ConversionException if an operation cannot be converted
     */
    public List<TranslatedTensor> inline(Program program, List<TranslatedTensor> arguments, GraphBuilder b) {
        SupportCheck.require(program.module(), registry);
        List<LoweredTensor> parameters =
                parameters(program, arguments, (type, given) -> LoweredTensor.of(type, given), b.graph());
        return translate(program, parameters, b.graph()).stream()
                .map(result -> result.full(b))
                .toList();
    }

    /** The name of the model's input for an argument: {@code in[0]['w']} for a path in the tree of arguments, else the path. */
    public static String inputName(String path) {
        return path.startsWith("[") ? "in" + path : path;
    }

    /** The name of the model's output for a result: {@code out['y'][0]}. */
    public static String outputName(String path) {
        return path.isEmpty() || path.startsWith("[") || path.startsWith(".") ? "out" + path : path;
    }

    private List<LoweredTensor> translate(Program program, List<LoweredTensor> parameters, OnnxGraph graph) {
        Block code =
                Rewrites.apply(Inliner.inline(program.module(), program.module().main()));
        return new BlockTranslator(program.module(), registry).block(code, parameters, graph);
    }

    /** The parameters of the code: those that JAX adds by itself, and the arguments of the file or of a caller, in order. */
    private static <T> List<LoweredTensor> parameters(
            Program program, List<T> given, BiFunction<TensorType, T, LoweredTensor> lowered, OnnxGraph graph) {
        Function main = program.module().main();
        Iterator<T> arguments = given.iterator();
        List<LoweredTensor> parameters = new ArrayList<>();
        for (int i = 0; i < main.body().arguments().size(); i++) {
            TensorType type = main.body().arguments().get(i).tensor();
            Optional<String> global = main.globalConstant(i);
            if (global.isPresent()) {
                parameters.add(global(program, global.get(), type, graph));
            } else if (arguments.hasNext()) {
                parameters.add(lowered.apply(type, arguments.next()));
            }
        }
        if (arguments.hasNext() || parameters.size() < main.body().arguments().size()) {
            throw new ConversionException("The code takes another number of arguments than its file describes");
        }
        return parameters;
    }

    private static LoweredTensor global(Program program, String name, TensorType type, OnnxGraph graph) {
        if (!name.equals(Function.PLATFORM_INDEX)) {
            throw new ConversionException("The program takes the size '" + name
                    + "' as an argument, which text of a lowered function does; export it with jax.export instead");
        }
        long index = Math.max(0, program.platforms().indexOf("cpu"));
        TensorData data = TensorData.ofLongs(ElementTypes.stored(type.element()), new long[] {index});
        return LoweredTensor.of(type, new GraphBuilder(graph).constant(data, "platform"));
    }

    private static LoweredTensor argument(
            Program.Argument argument, TensorType type, Map<String, Elements> frozen, OnnxGraph graph) {
        GraphBuilder b = new GraphBuilder(graph).scope(inputName(argument.path()));
        Elements elements = frozen.get(argument.path());
        if (elements != null) {
            return LoweredTensor.of(type, Constants.of(elements, b));
        }
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < type.rank(); axis++) {
            long size = type.dim(axis);
            dims.add(size >= 0 ? Dim.of(size) : Sizes.dim(argument.shape().get(axis), argument.path(), axis));
        }
        OnnxType stored = ElementTypes.stored(type.element());
        if (type.element().isComplex()) {
            dims.add(Dim.of(2));
        }
        Value input = graph.addInput(
                inputName(argument.path()), new io.portolan.converter.ir.TensorType(stored, new TensorShape(dims)));
        return type.element().isComplex()
                ? LoweredTensor.of(type, new ComplexValue(part(b, input, 0), part(b, input, 1)))
                : LoweredTensor.of(type, b.cast(input, ElementTypes.computed(type.element())));
    }

    private static Value part(GraphBuilder b, Value pairs, long index) {
        return b.apply(
                StandardOp.GATHER,
                Attributes.of("axis", pairs.rank() - 1),
                pairs,
                b.constant(TensorData.scalar(OnnxType.INT64, index)));
    }

    private static Value stored(LoweredTensor result, GraphBuilder b) {
        TranslatedTensor full = result.full(b);
        if (full instanceof ComplexValue pair) {
            int last = pair.re().rank();
            return b.concat(last, b.unsqueeze(pair.re(), last), b.unsqueeze(pair.im(), last));
        }
        Value value = ((RealValue) full).value();
        return result.type().element() == ElementType.BF16 ? b.cast(value, OnnxType.BFLOAT16) : value;
    }
}
