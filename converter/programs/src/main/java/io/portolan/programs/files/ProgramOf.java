package io.portolan.programs.files;

import io.portolan.programs.Program;
import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.CallGraph;
import io.portolan.programs.stablehlo.Function;
import io.portolan.programs.stablehlo.Module;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Quotation;
import io.portolan.programs.stablehlo.TensorType;
import io.portolan.programs.stablehlo.Type;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes a program of a module alone, which tells of its arguments and results what the function {@code main} says. */
final class ProgramOf {
    private static final String RESULT = "jax.result_info";
    private static final String RESULT_ROOT = "result";
    private static final String JIT = "jit_";

    private ProgramOf() {}

    /**
     * A program whose arguments are named as in the source, or {@code arg0}, {@code arg1} and so on where that is unknown or not unique,
     * and whose results have the path that JAX noted, or else {@code [0]}, {@code [1]} and so on. All arguments are used: others are not
     * in the module.
     *
     * @param form a short description of the file
     * @throws ProgramException if it has no function {@code main}, or one that takes or gives something else than tensors, or calls that
     *     {@link CallGraph} rejects
     */
    static Program module(Module module, String form) throws ProgramException {
        Function main = module.functions().get(Module.MAIN);
        if (main == null) {
            throw new ProgramException("the program has no function @" + Module.MAIN);
        }
        try {
            CallGraph.check(module);
        } catch (IllegalArgumentException refused) {
            throw new ProgramException(refused.getMessage(), refused);
        }
        List<Program.Argument> arguments = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        Map<Value, String> passedOn = passedOn(module, main);
        for (int i = 0; i < main.body().arguments().size(); i++) {
            if (main.globalConstant(i).isEmpty()) {
                String own = main.argumentNames().get(i);
                String known = own.isEmpty()
                        ? passedOn.getOrDefault(main.body().arguments().get(i), "")
                        : own;
                String path = known.isEmpty() || !taken.add(known) ? "arg" + i : known;
                arguments.add(leaf(path, main.body().arguments().get(i).type()));
            }
        }
        int count = main.body().results().size();
        List<Program.Argument> results = new ArrayList<>();
        taken.clear();
        for (int i = 0; i < count; i++) {
            Optional<String> known = resultPath(main, i).filter(taken::add);
            String path = known.orElse(count == 1 ? "" : "[" + i + "]");
            results.add(leaf(path, main.body().results().get(i).type()));
        }
        String name = module.name().startsWith(JIT) ? module.name().substring(JIT.length()) : module.name();
        return new Program(name, module, arguments, results, List.of(), form);
    }

    /** The names of arguments in the function that they are passed on to: of a program of open sizes, {@code main} only finds the sizes. */
    private static Map<Value, String> passedOn(Module module, Function main) {
        Map<Value, String> names = new IdentityHashMap<>();
        for (Operation operation : main.body().operations()) {
            if (operation.name().equals("func.call")) {
                Function called = module.function(operation.symbol("callee"));
                for (int i = 0; i < operation.operands().size(); i++) {
                    names.putIfAbsent(
                            operation.operands().get(i), called.argumentNames().get(i));
                }
            }
        }
        return names;
    }

    /** The path of a result: what JAX noted, without the word in front; older files have no such word. */
    private static Optional<String> resultPath(Function main, int index) {
        if (main.resultAttributes().get(index).get(RESULT) instanceof Attribute.Text noted) {
            String path = noted.value();
            return Optional.of(path.startsWith(RESULT_ROOT) ? path.substring(RESULT_ROOT.length()) : path);
        }
        return Optional.empty();
    }

    private static Program.Argument leaf(String path, Type type) throws ProgramException {
        if (type instanceof TensorType tensor) {
            List<String> shape = tensor.dims().stream()
                    .map(dim -> dim == TensorType.DYNAMIC ? "?" : dim.toString())
                    .toList();
            return new Program.Argument(path, tensor.element(), shape, true);
        }
        throw new ProgramException(
                "the program takes or gives " + Quotation.of(type.toString()) + ", expected tensors");
    }
}
