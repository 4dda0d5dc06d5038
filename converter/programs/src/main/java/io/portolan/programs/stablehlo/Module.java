package io.portolan.programs.stablehlo;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A whole program.
 *
 * @param name its name, such as {@code jit_f}
 * @param attributes attributes of the module
 * @param functions its functions by name, in the order of the file
 */
public record Module(String name, Map<String, Attribute> attributes, Map<String, Function> functions) {
    /** The name of the function that a program starts with. */
    public static final String MAIN = "main";

    public Module {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        functions = Collections.unmodifiableMap(new LinkedHashMap<>(functions));
    }

    /**
     * The function that the program starts with.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Function main() {
        return function(MAIN);
    }

    /**
     * A function by name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Function function(String function) {
        Function found = functions.get(function);
        if (found == null) {
            throw new IllegalArgumentException("the program has no function @" + function);
        }
        return found;
    }
}
