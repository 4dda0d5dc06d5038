package io.portolan.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        header = "Prints the script that completes commands and options in bash and zsh.",
        description = "The shell reads it once per session; put the line below into ~/.bashrc or ~/.zshrc to keep it.",
        footerHeading = "%nExample:%n",
        footer = "  source <(portolan completion)")
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine()
                .getOut()
                .print(AutoComplete.bash("portolan", spec.root().commandLine()));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
