package io.portolan.cli;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The list of options in a command's help: first the command's own, then a paragraph for each {@link OptionGroup}, last those that every
 * command has. Within a group they are in the order of their declaration.
 */
final class GroupedOptions implements IHelpSectionRenderer {
    private static final String OWN = "";
    private static final String COMMON = "In every command";

    @Override
    public String render(Help help) {
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        groups.put(OWN, new ArrayList<>());
        List<OptionSpec> common = new ArrayList<>();
        for (OptionSpec option : help.commandSpec().options()) {
            String heading = heading(option);
            List<OptionSpec> group =
                    heading.equals(COMMON) ? common : groups.computeIfAbsent(heading, named -> new ArrayList<>());
            group.add(option);
        }
        groups.put(COMMON, common);
        StringBuilder text = new StringBuilder();
        groups.forEach((heading, options) -> {
            if (!options.isEmpty()) {
                text.append(heading.isEmpty() ? "" : "%n%s:%n".formatted(heading))
                        .append(list(help, options));
            }
        });
        return text.toString();
    }

    private static String list(Help help, List<OptionSpec> options) {
        // All groups have the columns of the whole list.
        Help.Layout layout = help.createDefaultLayout(
                help.commandSpec().options(), help.commandSpec().positionalParameters(), help.colorScheme());
        layout.addAllOptions(options, help.parameterLabelRenderer());
        return layout.toString();
    }

    private static String heading(OptionSpec option) {
        if (!(option.userObject() instanceof Field field)) {
            return COMMON;
        }
        Class<?> declarer = field.getDeclaringClass();
        if (field.isAnnotationPresent(OptionGroup.class)) {
            return field.getAnnotation(OptionGroup.class).value();
        }
        if (declarer.isAnnotationPresent(OptionGroup.class)) {
            return declarer.getAnnotation(OptionGroup.class).value();
        }
        boolean isCommon = declarer == Portolan.class || !declarer.getPackage().equals(Portolan.class.getPackage());
        return isCommon ? COMMON : OWN;
    }
}
