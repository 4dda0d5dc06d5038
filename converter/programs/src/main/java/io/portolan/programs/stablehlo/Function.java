package io.portolan.programs.stablehlo;

import java.util.List;
import java.util.Map;

/**
 * A function of a module.
 *
 * @param name its name
 * @param isPublic whether it can be called from outside
 * @param body its code
 * @param argumentAttributes a dictionary for each argument, such as {@code jax.global_constant}; possibly empty ones
 * @param resultAttributes a dictionary for each result, such as {@code jax.result_info}
 * @param argumentNames the source names of arguments, such as {@code params['w']}; empty texts if unknown
 */
public record Function(
        String name,
        boolean isPublic,
        Block body,
        List<Map<String, Attribute>> argumentAttributes,
        List<Map<String, Attribute>> resultAttributes,
        List<String> argumentNames) {
    public Function {
        argumentAttributes = List.copyOf(argumentAttributes);
        resultAttributes = List.copyOf(resultAttributes);
        argumentNames = List.copyOf(argumentNames);
    }
}
