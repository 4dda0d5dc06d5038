package io.portolan.programs.exported;

import io.portolan.programs.Program;
import io.portolan.programs.ProgramException;
import io.portolan.programs.bytecode.MlirBytecode;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file of {@code jax.export.export(jax.jit(f))(…).serialize()}, of any version of its schema from 1 to 11: they differ in the fields that
 * are there, not in the number that the file gives. Programs for several devices and programs with ordered effects are rejected.
 */
public final class JaxExport {
    private static final int FUNCTION_NAME = 1;
    private static final int IN_TREE = 2;
    private static final int IN_VALUES = 3;
    private static final int OUT_TREE = 4;
    private static final int OUT_VALUES = 5;
    private static final int DEVICES_SHORT = 6;
    private static final int PLATFORMS = 9;
    private static final int ORDERED_EFFECTS = 10;
    private static final int MODULE = 13;
    private static final int KEPT = 15;
    private static final int GRADIENT = 17;
    private static final int DEVICES = 18;
    private static final int UNIQUE_VALUES = 19;
    private static final int IN_INDICES = 22;
    private static final int OUT_INDICES = 23;

    private static final int MOST_GRADIENTS = 64;

    private final String name;
    private final List<Program.Argument> arguments;
    private final List<Program.Argument> results;
    private final List<String> platforms;
    private final ByteBuffer module;
    private final int modulePosition;
    private final JaxExport gradient;

    private JaxExport(FlatBuffer file, FlatTable table, JaxExport gradient) throws ProgramException {
        name = table.text(FUNCTION_NAME);
        platforms = table.texts(PLATFORMS);
        module = table.bytes(MODULE);
        modulePosition = table.bytesPosition(MODULE);
        this.gradient = gradient;
        if (!MlirBytecode.matches(module)) {
            throw ProgramException.at(table.position(), "the exported program holds no MLIR bytecode");
        }
        long devices =
                table.unsignedInt(DEVICES) == 0 ? table.unsignedShort(DEVICES_SHORT) : table.unsignedInt(DEVICES);
        if (devices > 1) {
            throw new ProgramException(
                    "the program runs on " + devices + " devices, expected one; export the function without shardings");
        }
        List<FlatTable> effects = table.tables(ORDERED_EFFECTS);
        if (!effects.isEmpty()) {
            throw new ProgramException("the program has ordered effects, which no graph keeps, expected none;"
                    + " export it without debug output and ordered callbacks");
        }
        PyTree inTree = tree(table, IN_TREE, "arguments");
        if (!inTree.isArguments()) {
            throw new ProgramException(
                    "the tree of arguments is not a tuple of positional arguments and a dictionary of others");
        }
        List<String> inPaths = new ArrayList<>(inTree.children().get(0).leaves(file));
        inPaths.addAll(inTree.children().get(1).leaves(file));
        List<AbstractValue> unique = values(table, UNIQUE_VALUES);
        List<AbstractValue> in = values(table, unique, IN_INDICES, IN_VALUES);
        List<AbstractValue> out = values(table, unique, OUT_INDICES, OUT_VALUES);
        arguments = leaves("arguments", inPaths, in, kept(table, in.size()));
        results = leaves("results", tree(table, OUT_TREE, "results").leaves(file), out, Set.of());
    }

    /**
     * Reads what the file says about its program, and about the program of its gradient, but no code.
     *
     * @param bytes the file, from position to limit; they must not change afterwards
     * @throws ProgramException if it is damaged or not supported; the message is one line
     */
    public static JaxExport read(ByteBuffer bytes) throws ProgramException {
        FlatBuffer file = new FlatBuffer(bytes);
        Deque<FlatTable> tables = new ArrayDeque<>();
        Optional<FlatTable> next = Optional.of(root(file));
        while (next.isPresent()) {
            if (tables.size() > MOST_GRADIENTS) {
                throw new ProgramException("the file has gradients of higher order than " + MOST_GRADIENTS);
            }
            tables.push(next.get());
            next = next.get().table(GRADIENT);
        }
        JaxExport export = null;
        for (FlatTable table : tables) {
            export = new JaxExport(file, table, export);
        }
        return export;
    }

    /** Whether a file is one of jax.export: a table that holds MLIR bytecode where these files do. */
    public static boolean matches(ByteBuffer bytes) {
        try {
            return MlirBytecode.matches(new FlatBuffer(bytes).root().bytes(MODULE));
        } catch (ProgramException other) {
            return false;
        }
    }

    private static FlatTable root(FlatBuffer file) throws ProgramException {
        try {
            return file.root();
        } catch (ProgramException other) {
            throw new ProgramException("this is not a file of jax.export: " + other.getMessage(), other);
        }
    }

    /**
     * The program that gives the gradients of the arguments, from the arguments followed by the gradients of the results. Present if the
     * function was exported with {@code serialize(vjp_order=1)} or more.
     */
    public Optional<JaxExport> gradient() {
        return Optional.ofNullable(gradient);
    }

    /**
     * The program, its code included.
     *
     * @throws ProgramException if the code is damaged or not supported, or does not take and give what the file says
     */
    public Program program() throws ProgramException {
        MlirBytecode code = MlirBytecode.read(module, modulePosition);
        Program program = new Program(name, code.module(), arguments, results, platforms, "jax.export, " + code.form());
        Signature.check(program);
        return program;
    }

    private static PyTree tree(FlatTable table, int field, String what) throws ProgramException {
        Optional<FlatTable> tree = table.table(field);
        if (tree.isEmpty()) {
            throw ProgramException.at(table.position(), "the tree of " + what + " is missing");
        }
        return PyTree.read(tree.get());
    }

    private static List<AbstractValue> values(FlatTable table, int field) throws ProgramException {
        List<AbstractValue> values = new ArrayList<>();
        for (FlatTable value : table.tables(field)) {
            values.add(AbstractValue.read(value));
        }
        return values;
    }

    /** The values of the arguments or the results: by their indices among the different ones, or of older files one by one. */
    private static List<AbstractValue> values(FlatTable table, List<AbstractValue> unique, int indices, int field)
            throws ProgramException {
        List<AbstractValue> values = new ArrayList<>();
        for (long index : table.unsignedInts(indices)) {
            if (index >= unique.size()) {
                throw ProgramException.at(
                        table.position(), "it refers to type " + index + ", expected less than " + unique.size());
            }
            values.add(unique.get((int) index));
        }
        return values.isEmpty() ? values(table, field) : values;
    }

    private static Set<Integer> kept(FlatTable table, int arguments) throws ProgramException {
        Set<Integer> kept = new HashSet<>();
        int least = 0;
        for (int index : table.unsignedShorts(KEPT)) {
            if (index < least || index >= arguments) {
                throw ProgramException.at(
                        table.position(),
                        "the kept arguments are not in order, expected " + least + " to " + (arguments - 1) + ", got "
                                + index);
            }
            kept.add(index);
            least = index + 1;
        }
        return kept;
    }

    private static List<Program.Argument> leaves(
            String what, List<String> paths, List<AbstractValue> values, Set<Integer> kept) throws ProgramException {
        if (paths.size() != values.size()) {
            throw new ProgramException(
                    "the tree of " + what + " has " + paths.size() + " leaves, expected " + values.size());
        }
        List<Program.Argument> leaves = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            AbstractValue value = values.get(i);
            boolean isUsed = what.equals("results") || kept.contains(i);
            leaves.add(new Program.Argument(paths.get(i), value.element(), value.shape(), isUsed));
        }
        return leaves;
    }
}
