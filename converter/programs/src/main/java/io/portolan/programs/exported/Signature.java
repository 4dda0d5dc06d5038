package io.portolan.programs.exported;

import io.portolan.programs.Program;
import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Function;
import io.portolan.programs.stablehlo.Module;
import io.portolan.programs.stablehlo.Quotation;
import io.portolan.programs.stablehlo.TensorType;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Checks that the code of a program takes and gives what its file says. */
final class Signature {
    private static final Set<TensorType> PLATFORM_INDEX =
            Set.of(TensorType.of(ElementType.I32), TensorType.of(ElementType.I64));

    private Signature() {}

    static void check(Program program) throws ProgramException {
        Function main = program.module().functions().get(Module.MAIN);
        if (main == null) {
            throw new ProgramException("the program has no function @" + Module.MAIN);
        }
        List<Value> parameters = new ArrayList<>();
        boolean isPlatformMarked = false;
        for (int i = 0; i < main.body().arguments().size(); i++) {
            if (main.globalConstant(i).isPresent()) {
                isPlatformMarked = true;
            } else {
                parameters.add(main.body().arguments().get(i));
            }
        }
        List<Program.Argument> used = program.usedArguments();
        boolean hasPlatform = program.platforms().size() > 1
                && !isPlatformMarked
                && parameters.size() == used.size() + 1
                && PLATFORM_INDEX.contains(parameters.get(0).type());
        if (hasPlatform) {
            parameters.remove(0);
        }
        check("argument", used, parameters);
        check("result", program.results(), main.body().results());
    }

    private static void check(String what, List<Program.Argument> told, List<Value> values) throws ProgramException {
        if (told.size() != values.size()) {
            throw new ProgramException(
                    "the code of the program has " + values.size() + " " + what + "s, expected " + told.size());
        }
        for (int i = 0; i < told.size(); i++) {
            if (!(values.get(i).type() instanceof TensorType type) || !agrees(told.get(i), type)) {
                throw new ProgramException(what + " " + Quotation.of(told.get(i).path()) + " is "
                        + told.get(i).element() + " "
                        + Quotation.of(String.join(", ", told.get(i).shape()))
                        + " by the file and "
                        + Quotation.of(values.get(i).type().toString()) + " in the code");
            }
        }
    }

    /** Whether element types and ranks are equal, and sizes where both are numbers. */
    private static boolean agrees(Program.Argument told, TensorType type) {
        if (told.element() != type.element() || told.shape().size() != type.rank()) {
            return false;
        }
        for (int axis = 0; axis < type.rank(); axis++) {
            String size = told.shape().get(axis);
            if (type.dim(axis) != TensorType.DYNAMIC
                    && size.chars().allMatch(Character::isDigit)
                    && !size.equals(Long.toString(type.dim(axis)))) {
                return false;
            }
        }
        return true;
    }
}
