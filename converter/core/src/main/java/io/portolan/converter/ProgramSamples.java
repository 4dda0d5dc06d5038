package io.portolan.converter;

import io.portolan.converter.ir.TensorData;
import io.portolan.converter.stablehlo.ProgramImporter;
import io.portolan.converter.verify.InputSample;
import io.portolan.programs.Program;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Samples of what a program takes and gives, as recorded in JAX, for the model that the program becomes. */
final class ProgramSamples {
    private final List<String> inputs = new ArrayList<>();
    private final Set<String> others = new HashSet<>();
    private final Set<String> outputs = new HashSet<>();

    /**
     * The samples of a program.
     *
     * @param frozen the paths of arguments that are constants of the model
     */
    ProgramSamples(Program program, Set<String> frozen) {
        for (Program.Argument argument : program.arguments()) {
            String name = ProgramImporter.inputName(argument.path());
            if (argument.isUsed() && !frozen.contains(argument.path())) {
                inputs.add(name);
            } else {
                others.add(name);
            }
        }
        program.results().forEach(result -> outputs.add(ProgramImporter.outputName(result.path())));
    }

    /**
     * A sample for the model: without arguments that the model does not take. Text names its arguments as the source does; if a sample
     * names them {@code in[0]}, {@code in[1]}, they are taken in order.
     */
    InputSample fitted(InputSample sample) {
        Map<String, TensorData> tensors = new LinkedHashMap<>(sample.tensors());
        tensors.keySet().removeAll(others);
        List<String> given = tensors.keySet().stream()
                .filter(name -> !outputs.contains(name))
                .toList();
        boolean isByOrder = given.size() == inputs.size()
                && inputs.stream().noneMatch(tensors::containsKey)
                && given.stream().allMatch(name -> name.startsWith("in["));
        if (!isByOrder) {
            return new InputSample(sample.name(), tensors);
        }
        Map<String, TensorData> renamed = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            renamed.put(inputs.get(i), tensors.get(given.get(i)));
        }
        outputs.stream().filter(tensors::containsKey).forEach(name -> renamed.put(name, tensors.get(name)));
        return new InputSample(sample.name(), renamed);
    }
}
