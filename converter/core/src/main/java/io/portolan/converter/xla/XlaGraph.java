package io.portolan.converter.xla;

import com.google.protobuf.ByteString;
import io.portolan.programs.Program;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.Function;
import io.portolan.programs.stablehlo.Module;
import io.portolan.programs.stablehlo.TensorType;
import io.portolan.programs.stablehlo.Type;
import io.portolan.programs.stablehlo.Value;
import io.portolan.programs.text.StableHloWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/**
 * A program as a TensorFlow graph: one {@code XlaCallModule} node between placeholders and results.
 *
 * @param graph the graph
 * @param inputs the arguments that have a placeholder, in order
 * @param outputs the results, in order
 */
record XlaGraph(GraphDef graph, List<Port> inputs, List<Port> outputs) {
    /** The calling convention that TensorFlow 2.18 knows as the newest. */
    private static final int VERSION = 9;

    private static final String CALL = "program";

    /**
     * An argument or a result.
     *
     * @param path its path in the tree of arguments or results
     * @param tensor the TensorFlow tensor, {@code node:0}
     * @param type its type in the program
     */
    record Port(String path, String tensor, TensorType type) {}

    /** How arguments and results are passed. */
    enum Passing {
        /** As tensors of their own types. */
        TYPED,
        /** As bytes, because TensorFlow Java has no classes for some types. */
        BYTES
    }

    /**
     * The graph of a program.
     *
     * @param frozen the values of arguments that become constants, by path
     * @throws XlaException if it has arguments or results that TensorFlow cannot pass
     */
    static XlaGraph of(Program program, Map<String, Elements> frozen, Passing passing) {
        Module module = Substitutes.in(program.module());
        XlaFailures.require(module);
        Builder builder = new Builder(passing);
        List<Value> parameters = new ArrayList<>();
        Function main = program.module().main();
        boolean takesPlatform = false;
        for (int i = 0; i < main.body().arguments().size(); i++) {
            Optional<String> global = main.globalConstant(i);
            if (global.isEmpty()) {
                parameters.add(main.body().arguments().get(i));
            } else if (global.get().equals(Function.PLATFORM_INDEX)) {
                takesPlatform = true;
            } else {
                throw new XlaException("it takes the size '" + global.get()
                        + "' as an argument, as text of a lowered function does; export it with jax.export instead");
            }
        }
        List<Program.Argument> arguments = program.usedArguments();
        List<Value> results = main.body().results();
        if (arguments.size() != parameters.size()
                || results.size() != program.results().size()) {
            throw new XlaException("its code takes or gives other values than its file describes");
        }
        for (int i = 0; i < arguments.size(); i++) {
            String path = arguments.get(i).path();
            TensorType type = tensor(parameters.get(i).type());
            if (frozen.containsKey(path)) {
                builder.constant(path, frozen.get(path), type);
            } else {
                builder.input(path, type);
            }
        }
        List<TensorType> types =
                results.stream().map(value -> tensor(value.type())).toList();
        builder.call(module, platforms(program, takesPlatform), types);
        for (int i = 0; i < types.size(); i++) {
            builder.output(program.results().get(i).path(), types.get(i), i);
        }
        return new XlaGraph(builder.graph.build(), builder.inputs, builder.outputs);
    }

    private static TensorType tensor(Type type) {
        if (type instanceof TensorType tensor) {
            return tensor;
        }
        throw new XlaException("it takes or gives a value of type " + type);
    }

    /** The platforms of the program if it asks which it runs on, otherwise only the processor. */
    private static List<String> platforms(Program program, boolean takesPlatform) {
        List<String> own = program.platforms().stream()
                .map(platform -> platform.toUpperCase(Locale.ROOT))
                .toList();
        if (!takesPlatform) {
            return List.of("CPU");
        }
        if (!own.contains("CPU")) {
            throw new XlaException("it asks for the platform that it runs on, and "
                    + (own.isEmpty() ? "does not tell for which it is" : "is for " + own)
                    + ", expected cpu among them");
        }
        return own;
    }

    private static final class Builder {
        private final Passing passing;
        private final GraphDef.Builder graph = GraphDef.newBuilder();
        private final List<Port> inputs = new ArrayList<>();
        private final List<Port> outputs = new ArrayList<>();
        private final List<String> given = new ArrayList<>();
        private final List<DataType> givenTypes = new ArrayList<>();

        Builder(Passing passing) {
            this.passing = passing;
        }

        void input(String path, TensorType type) {
            String name = "input_" + inputs.size();
            boolean isTyped = passing == Passing.TYPED;
            TensorType passed = isTyped ? type : XlaTypes.bytes(type);
            node("Placeholder", name)
                    .putAttr("dtype", of(XlaTypes.of(passed.element())))
                    .putAttr(
                            "shape",
                            AttrValue.newBuilder()
                                    .setShape(XlaTypes.shape(passed))
                                    .build());
            inputs.add(new Port(path, name + ":0", type));
            give(isTyped ? name : convert(name, type, true), type);
        }

        void constant(String path, Elements value, TensorType type) {
            if (!fits(value.type(), type)) {
                throw new IllegalArgumentException(
                        "the value of the argument " + path + " is of type " + value.type() + ", expected " + type);
            }
            String name = "constant_" + given.size();
            TensorProto.Builder tensor = TensorProto.newBuilder()
                    .setDtype(XlaTypes.of(value.type().element()))
                    .setTensorShape(XlaTypes.shape(value.type()))
                    .setTensorContent(ByteString.copyFrom(value.expanded()));
            node("Const", name)
                    .putAttr("dtype", of(tensor.getDtype()))
                    .putAttr("value", AttrValue.newBuilder().setTensor(tensor).build());
            give(name, type);
        }

        private void give(String name, TensorType type) {
            given.add(name);
            givenTypes.add(XlaTypes.of(type.element()));
        }

        void call(Module module, List<String> platforms, List<TensorType> results) {
            AttrValue.ListValue.Builder shapes = AttrValue.ListValue.newBuilder();
            AttrValue.ListValue.Builder types = AttrValue.ListValue.newBuilder();
            for (TensorType type : results) {
                shapes.addShape(XlaTypes.shape(type));
                types.addType(XlaTypes.of(type.element()));
            }
            AttrValue.ListValue.Builder names = AttrValue.ListValue.newBuilder();
            platforms.forEach(platform -> names.addS(ByteString.copyFromUtf8(platform)));
            node("XlaCallModule", CALL)
                    .addAllInput(given)
                    .putAttr("version", AttrValue.newBuilder().setI(VERSION).build())
                    .putAttr(
                            "module",
                            AttrValue.newBuilder()
                                    .setS(ByteString.copyFromUtf8(StableHloWriter.write(module)))
                                    .build())
                    .putAttr("platforms", list(names))
                    .putAttr("Sout", list(shapes))
                    .putAttr("Tout", list(types))
                    .putAttr("Tin", list(AttrValue.ListValue.newBuilder().addAllType(givenTypes)));
        }

        void output(String path, TensorType type, int index) {
            String result = CALL + ":" + index;
            String name = "output_" + index;
            if (passing == Passing.TYPED) {
                node("Identity", name).addInput(result).putAttr("T", of(XlaTypes.of(type.element())));
            } else {
                name = convert(result, type, false);
            }
            outputs.add(new Port(path, name + ":0", type));
        }

        /** Makes bytes elements of a type, or the other way round. */
        private String convert(String from, TensorType type, boolean isInput) {
            String name = (isInput ? "elements_" : "bytes_") + graph.getNodeCount();
            DataType other = XlaTypes.of(type.element());
            DataType source = isInput ? DataType.DT_UINT8 : other;
            DataType target = isInput ? other : DataType.DT_UINT8;
            boolean isCast = type.element() == ElementType.I1;
            if (source == target) {
                node("Identity", name).addInput(from).putAttr("T", of(source));
            } else {
                node(isCast ? "Cast" : "Bitcast", name)
                        .addInput(from)
                        .putAttr(isCast ? "SrcT" : "T", of(source))
                        .putAttr(isCast ? "DstT" : "type", of(target));
            }
            return name;
        }

        private NodeDef.Builder node(String op, String name) {
            return graph.addNodeBuilder().setOp(op).setName(name);
        }

        private static AttrValue of(DataType type) {
            return AttrValue.newBuilder().setType(type).build();
        }

        private static AttrValue list(AttrValue.ListValue.Builder values) {
            return AttrValue.newBuilder().setList(values).build();
        }
    }

    /** Whether elements of a static type can be an argument of a type. */
    static boolean fits(TensorType elements, TensorType argument) {
        if (elements.element() != argument.element() || elements.rank() != argument.rank()) {
            return false;
        }
        for (int axis = 0; axis < argument.rank(); axis++) {
            if (argument.dim(axis) != TensorType.DYNAMIC && argument.dim(axis) != elements.dim(axis)) {
                return false;
            }
        }
        return true;
    }
}
