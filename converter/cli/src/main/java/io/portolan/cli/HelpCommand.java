package io.portolan.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.IHelpCommandInitializable2;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "help",
        helpCommand = true,
        header = "Shows the help of a command.",
        description = "The same as COMMAND --help; of commands within others too.",
        footerHeading = "%nExamples:%n",
        footer = {"  portolan help convert", "  portolan help dataset generate"})
final class HelpCommand implements IHelpCommandInitializable2, Runnable {
    @Parameters(
            arity = "0..*",
            paramLabel = "COMMAND",
            description = "The command. Without one, all commands are listed.")
    private List<String> names = List.of();

    @Spec
    private CommandSpec spec;

    private ColorScheme colors;
    private PrintWriter out;

    @Override
    public void init(CommandLine help, ColorScheme colorScheme, PrintWriter outWriter, PrintWriter errWriter) {
        colors = colorScheme;
        out = outWriter;
    }

    @Override
    public void run() {
        CommandLine shown = spec.commandLine().getParent();
        for (String name : names) {
            CommandLine inner = shown.getSubcommands().get(name);
            if (inner == null) {
                throw new ParameterException(
                        shown,
                        "no command '" + name + "'; expected one of "
                                + String.join(", ", shown.getSubcommands().keySet()));
            }
            shown = inner;
        }
        shown.usage(out, colors);
    }
}
