package io.portolan.programs;

import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Module;
import java.util.List;

/**
 * A JAX program: its code, and what its caller gives and gets. The parameters of the function {@code main} are, in order, the platform
 * index if {@link #platforms} has several entries, the sizes marked {@code jax.global_constant}, and the {@linkplain Argument#isUsed()
 * used} arguments; its results are the results.
 *
 * @param name the name of the JAX function
 * @param module the code
 * @param arguments the leaves of the arguments, flattened; unused ones included where the file tells of them
 * @param results the leaves of the results, flattened
 * @param platforms the platforms that it was lowered for, in lower case; empty if the file does not tell
 * @param form a short description of the file, such as {@code jax.export, VHLO 1.15.0}
 */
public record Program(
        String name,
        Module module,
        List<Argument> arguments,
        List<Argument> results,
        List<String> platforms,
        String form) {
    public Program {
        arguments = List.copyOf(arguments);
        results = List.copyOf(results);
        platforms = List.copyOf(platforms);
    }

    /**
     * A leaf of the tree of arguments or results.
     *
     * @param path where it is in the tree, as {@code jax.tree_util.keystr} prints it: {@code [0]['params']['w']} in the arguments;
     *     names from the source where only those are known
     * @param element the element type; a key of random numbers is its {@code ui32} array
     * @param shape the sizes as JAX writes them: {@code 3}, {@code b}, {@code 2*n + 1}; {@code ?} where the file tells none
     * @param isUsed whether the code takes it: JAX drops arguments that it does not need
     */
    public record Argument(String path, ElementType element, List<String> shape, boolean isUsed) {
        public Argument {
            shape = List.copyOf(shape);
        }
    }

    /** The arguments that the code takes. */
    public List<Argument> usedArguments() {
        return arguments.stream().filter(Argument::isUsed).toList();
    }
}
