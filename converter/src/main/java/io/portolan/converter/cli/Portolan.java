package io.portolan.converter.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the models differ by more than the tolerance. */
@Command(
        name = "portolan",
        mixinStandardHelpOptions = true,
        versionProvider = Portolan.Version.class,
        header = "Carries vision state space models from JAX to TensorFlow and ONNX.",
        description = "%nReads a JAX/Flax checkpoint, builds its model as a TensorFlow graph, exports that as ONNX, and proves that"
                + " the export computes what the checkpoint computed.",
        subcommands = {
            InspectCommand.class,
            ConvertCommand.class,
            TensorFlowToOnnxCommand.class,
            VerifyCommand.class,
            PredictCommand.class,
            ServeCommand.class,
            BenchCommand.class,
            TrainCommand.class,
            EvaluateCommand.class,
            ExplainCommand.class,
            CheckpointCommand.class,
            DatasetCommand.class,
            DemoCommand.class
        },
        footerHeading = "%nFirst steps:%n",
        footer = {
            "  portolan demo                                      see everything once, on a bundled model",
            "  portolan inspect checkpoint.pkl                    what is in a checkpoint",
            "  portolan convert checkpoint.pkl -o model.onnx      export it",
            "  portolan tf2onnx saved_model/ -o model.onnx        convert any TensorFlow graph",
            "  portolan predict model.onnx image.png              use it",
            "  portolan serve model.onnx                          answer requests over HTTP",
            "  portolan explain checkpoint.pkl images/ -o r.html  see what it looks at",
            "  portolan bench model.onnx                          how fast it runs here",
            "  portolan train --data generate:easiest -o run      train a model",
            "  portolan checkpoint convert in.pkl out.npz          change its format",
            "  portolan dataset generate --count 1000 -o images   draw Pathfinder pictures",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 parity beyond the tolerance.",
            "'portolan COMMAND --help' tells more about a command."
        })
public final class Portolan {
    /** Exit code of a comparison that found too large a difference. */
    static final int NO_PARITY = 3;

    private static final int HELP_WIDTH = 100;

    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "Show where in the program an error arose.")
    private boolean stacktrace;

    private Portolan() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs one command and returns its exit code. */
    static int run(String... arguments) {
        Portolan portolan = new Portolan();
        CommandLine commandLine = new CommandLine(portolan)
                .setUsageHelpWidth(HELP_WIDTH)
                .setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println(command.getColorScheme().errorText("portolan: " + Failures.describe(failure)));
            if (portolan.stacktrace) {
                failure.printStackTrace(command.getErr());
            }
            return CommandLine.ExitCode.SOFTWARE;
        });
        commandLine.setParameterExceptionHandler((wrong, given) -> explain(wrong));
        if (arguments.length == 0) {
            commandLine.usage(commandLine.getErr());
            return CommandLine.ExitCode.USAGE;
        }
        return commandLine.execute(arguments);
    }

    /** The error and where help is; all of the help would push the error off the screen. */
    private static int explain(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        command.getErr().println(command.getColorScheme().errorText("portolan: " + wrong.getMessage()));
        UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
        command.getErr().println("'" + command.getCommandSpec().qualifiedName() + " --help' says how it is used.");
        return CommandLine.ExitCode.USAGE;
    }

    static String version() {
        String version = Portolan.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"portolan " + version()};
        }
    }
}
