package io.portolan.converter.xla;

import com.google.protobuf.ByteString;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.programs.Program;
import io.portolan.programs.ProgramException;
import io.portolan.programs.files.ProgramFiles;
import io.portolan.programs.stablehlo.Module;
import io.portolan.programs.text.StableHloWriter;
import java.util.List;
import java.util.Locale;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/**
 * An {@code XlaCallModule} node: a whole JAX program in a TensorFlow graph, as jax2tf writes it. Its inputs are the arguments of the
 * program, its outputs the results.
 *
 * @param name the name of the node
 * @param module MLIR bytecode or StableHLO text
 * @param version the calling convention: 2 to 10
 * @param platforms the platforms that the program is for, in lower case
 * @param resultShapes the shapes of the outputs, unknown sizes as -1
 * @param inputTypes the types of the inputs
 * @param resultTypes the types of the outputs
 * @param disabledChecks what is not checked: {@code platform}, {@code shape_assertions}, {@code custom_call:name}
 */
public record XlaCallModuleNode(
        String name,
        ByteString module,
        int version,
        List<String> platforms,
        List<TensorShapeProto> resultShapes,
        List<DataType> inputTypes,
        List<DataType> resultTypes,
        List<String> disabledChecks) {
    /** The name of the op. */
    public static final String OP = "XlaCallModule";

    private static final int OLDEST = 4;
    private static final int NEWEST = 9;

    public XlaCallModuleNode {
        platforms = List.copyOf(platforms);
        resultShapes = List.copyOf(resultShapes);
        inputTypes = List.copyOf(inputTypes);
        resultTypes = List.copyOf(resultTypes);
        disabledChecks = List.copyOf(disabledChecks);
    }

    /**
     * The program of a node.
     *
     * @throws ConversionException if it calls TensorFlow functions, passes tokens, or takes sizes as arguments, as the first versions of
     *     jax2tf wrote it
     */
    public static XlaCallModuleNode of(NodeDef node) {
        refuse(node, "function_list", "calls TensorFlow functions");
        refuse(
                node,
                "dim_args_spec",
                "takes sizes as arguments, as jax2tf of early 2023 wrote it; write the model anew");
        if (attribute(node, "has_token_input_output").getB()) {
            throw new ConversionException(node.getName(), OP, "passes tokens, which order side effects", null);
        }
        return new XlaCallModuleNode(
                node.getName(),
                attribute(node, "module").getS(),
                Math.toIntExact(attribute(node, "version").getI()),
                texts(node, "platforms").stream()
                        .map(platform -> platform.toLowerCase(Locale.ROOT))
                        .toList(),
                attribute(node, "Sout").getList().getShapeList(),
                attribute(node, "Tin").getList().getTypeList(),
                attribute(node, "Tout").getList().getTypeList(),
                texts(node, "disabled_checks"));
    }

    private static void refuse(NodeDef node, String attribute, String fault) {
        AttrValue.ListValue list = attribute(node, attribute).getList();
        if (list.getFuncCount() > 0 || list.getSCount() > 0) {
            throw new ConversionException(node.getName(), OP, fault, null);
        }
    }

    private static AttrValue attribute(NodeDef node, String name) {
        return node.getAttrOrDefault(name, AttrValue.getDefaultInstance());
    }

    private static List<String> texts(NodeDef node, String attribute) {
        return attribute(node, attribute).getList().getSList().stream()
                .map(ByteString::toStringUtf8)
                .toList();
    }

    /**
     * Reads the program.
     *
     * @throws ConversionException if it is not a program that is supported, or does not take the node's inputs
     */
    public Program program() {
        Program read;
        try {
            read = ProgramFiles.read(module.toByteArray(), "the module");
        } catch (ProgramException refused) {
            throw new ConversionException(name, OP, refused.getMessage(), refused);
        }
        if (read.usedArguments().size() != inputTypes.size() || read.results().size() != resultTypes.size()) {
            throw new ConversionException(
                    name,
                    OP,
                    "its program takes " + read.usedArguments().size() + " arguments and gives "
                            + read.results().size() + " results, the node has " + inputTypes.size() + " inputs and "
                            + resultTypes.size() + " outputs",
                    null);
        }
        return new Program(
                read.name(),
                read.module(),
                read.arguments(),
                read.results(),
                platforms,
                "XlaCallModule, " + read.form());
    }

    /**
     * A node that computes the same in TensorFlow 2.18, which reads no newer bytecode and calling convention.
     *
     * @throws ConversionException if the program cannot be read, or TensorFlow cannot run it
     */
    static NodeDef readable(NodeDef node) {
        XlaCallModuleNode call = of(node);
        Module module = Substitutes.in(call.program().module());
        XlaFailures.require(module);
        return node.toBuilder()
                .putAttr(
                        "module",
                        AttrValue.newBuilder()
                                .setS(ByteString.copyFromUtf8(StableHloWriter.write(module)))
                                .build())
                .putAttr(
                        "version",
                        AttrValue.newBuilder()
                                .setI(Math.max(OLDEST, Math.min(NEWEST, call.version)))
                                .build())
                .removeAttr("use_shardy_partitioner")
                .build();
    }
}
