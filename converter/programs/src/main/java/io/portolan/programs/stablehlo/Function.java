package io.portolan.programs.stablehlo;

import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    /** The {@linkplain #globalConstant global constant} that tells which of its platforms a program runs on. */
    public static final String PLATFORM_INDEX = "_platform_index";

    public Function {
        argumentAttributes = List.copyOf(argumentAttributes);
        resultAttributes = List.copyOf(resultAttributes);
        argumentNames = List.copyOf(argumentNames);
    }

    /**
     * What an argument passes if it is none of the source's but one that JAX adds: the name of an open size, or
     * {@value #PLATFORM_INDEX}.
     */
    public Optional<String> globalConstant(int argument) {
        Attribute name = argumentAttributes.get(argument).get("jax.global_constant");
        return Optional.ofNullable(name).map(given -> given instanceof Attribute.Text text ? text.value() : "?");
    }
}
