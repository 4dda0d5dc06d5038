package io.portolan.exporter.program;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.programs.Program;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The first argument of a program, filled from a checkpoint: for each array of its tree, the one with the same keys. The argument may be
 * the parameters themselves, or a dictionary that holds them under {@code params} and running statistics under {@code batch_stats}.
 *
 * @param arrays the arrays by path of the argument
 */
public record ProgramParameters(Map<String, Elements> arrays) {
    private static final String PARAMETERS = "params";
    private static final String STATISTICS = "batch_stats";
    private static final Pattern VALUE = Pattern.compile("/(raw_)?value$");
    private static final int SHOWN = 5;

    public ProgramParameters {
        arrays = Map.copyOf(arrays);
    }

    /**
     * Fills the first argument.
     *
     * @throws ParametersException if arrays are missing, left over, or of another type or shape; it names them
     */
    public static ProgramParameters of(Program program, Checkpoint checkpoint) {
        if (program.arguments().isEmpty()) {
            throw new ParametersException("the program has no arguments that a checkpoint could fill");
        }
        Map<String, ArrayData> held = held(checkpoint);
        String first = ArgumentPath.of(program.arguments().get(0).path()).root();
        Map<String, Elements> arrays = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        Set<String> left = new LinkedHashSet<>(held.keySet());
        for (Program.Argument argument : program.arguments()) {
            ArgumentPath.Parts parts = ArgumentPath.of(argument.path());
            if (!parts.root().equals(first)) {
                continue;
            }
            Optional<String> key = key(parts.keys(), held);
            if (key.isEmpty()) {
                missing.add(argument.path());
                continue;
            }
            left.remove(key.get());
            ArrayData array = held.get(key.get());
            if (fits(array, argument)) {
                arrays.put(argument.path(), elements(array));
            } else {
                wrong.add(argument.path() + " is " + argument.element() + argument.shape() + ", but the checkpoint has "
                        + array);
            }
        }
        // Arguments that the code does not take are only known from files of jax.export.
        boolean knowsUnused = program.arguments().stream().anyMatch(argument -> !argument.isUsed())
                || program.arguments().get(0).path().startsWith("[");
        if (!missing.isEmpty() || !wrong.isEmpty() || knowsUnused && !left.isEmpty()) {
            throw new ParametersException(described(missing, wrong, knowsUnused ? left : Set.of()));
        }
        return new ProgramParameters(arrays);
    }

    private static Map<String, ArrayData> held(Checkpoint checkpoint) {
        Map<String, ArrayData> held = new LinkedHashMap<>();
        checkpoint.parameters().arrays().forEach((path, array) -> held.put(PARAMETERS + "/" + path, array));
        checkpoint.batchStatistics().arrays().forEach((path, array) -> held.put(STATISTICS + "/" + path, array));
        return held;
    }

    /**
     * The key of an array in the checkpoint: as it is, or among the parameters. JAX shows that an array is the value in a variable of Flax
     * NNX or in a partitioned array of Flax; a checkpoint's path leads to the variable.
     */
    private static Optional<String> key(List<String> keys, Map<String, ArrayData> held) {
        String path = ParameterTree.path(keys);
        String variable = VALUE.matcher(path).replaceFirst("");
        return Stream.of(path, PARAMETERS + "/" + path, variable, PARAMETERS + "/" + variable)
                .filter(held::containsKey)
                .findFirst();
    }

    private static boolean fits(ArrayData array, Program.Argument argument) {
        List<String> shape =
                LongStream.of(array.shape()).mapToObj(Long::toString).toList();
        return element(array).filter(argument.element()::equals).isPresent() && shape.equals(argument.shape());
    }

    private static Elements elements(ArrayData array) {
        return new Elements(TensorType.of(element(array).orElseThrow(), array.shape()), array.bytes());
    }

    private static Optional<ElementType> element(ArrayData array) {
        return Optional.ofNullable(
                switch (array.type()) {
                    case FLOAT16 -> ElementType.F16;
                    case BFLOAT16 -> ElementType.BF16;
                    case FLOAT32 -> ElementType.F32;
                    case FLOAT64 -> ElementType.F64;
                    case INT8 -> ElementType.I8;
                    case INT16 -> ElementType.I16;
                    case INT32 -> ElementType.I32;
                    case INT64 -> ElementType.I64;
                    case UINT8 -> ElementType.UI8;
                    case UINT16 -> ElementType.UI16;
                    case UINT32 -> ElementType.UI32;
                    case UINT64 -> ElementType.UI64;
                    case BOOL -> ElementType.I1;
                    case COMPLEX64 -> ElementType.C64;
                    case COMPLEX128 -> ElementType.C128;
                    default -> null;
                });
    }

    private static String described(List<String> missing, List<String> wrong, Set<String> left) {
        List<String> faults = new ArrayList<>();
        if (!missing.isEmpty()) {
            faults.add("the checkpoint lacks " + counted(missing));
        }
        if (!left.isEmpty()) {
            faults.add("the program does not take " + counted(List.copyOf(left)));
        }
        if (!wrong.isEmpty()) {
            faults.add(counted(wrong));
        }
        return String.join("; ", faults);
    }

    private static String counted(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
        return names.size() <= SHOWN ? shown : shown + " and " + (names.size() - SHOWN) + " more";
    }
}
