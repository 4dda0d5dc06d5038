package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.FLOAT_ONLY;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.stablehlo.ProgramImporter;
import io.portolan.converter.stablehlo.ops.StandardLowerings;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import io.portolan.converter.xla.XlaCallModuleNode;
import io.portolan.programs.Program;
import java.util.ArrayList;
import java.util.List;

/** JAX programs in TensorFlow graphs, as jax2tf writes them: one op that holds a whole program. */
final class ProgramHandlers {
    static final List<OpDefinition> OPS = List.of(op(XlaCallModuleNode.OP, FLOAT_ONLY)
            .untyped()
            .reads(
                    "version",
                    "module",
                    "Sout",
                    "platforms",
                    "dim_args_spec",
                    "has_token_input_output",
                    "function_list",
                    "disabled_checks")
            .limitedTo("programs with operations that jax2onnx refuses")
            .as(ProgramHandlers::convert));

    private ProgramHandlers() {}

    private static List<TranslatedTensor> convert(NodeContext in) {
        Program program = XlaCallModuleNode.of(in.node()).program();
        List<TranslatedTensor> arguments = new ArrayList<>();
        for (int i = 0; i < in.inputCount(); i++) {
            arguments.add(in.imported(i));
        }
        return new ProgramImporter(StandardLowerings.registry()).inline(program, arguments, in.builder());
    }
}
