package io.portolan.cli;

import io.portolan.checkpoints.values.VisibleText;
import io.portolan.cli.doctor.Installation;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The main command. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the models differ by more than the tolerance. */
@Command(
        name = "portolan",
        mixinStandardHelpOptions = true,
        versionProvider = Portolan.Version.class,
        header = "Carries vision state space models from JAX to TensorFlow and ONNX.",
        description =
                "%nReads a JAX/Flax checkpoint, builds its model as a TensorFlow graph, exports it as ONNX, and verifies that"
                        + " the export computes the same as the checkpoint's model.",
        subcommands = {
            InspectCommand.class,
            ConvertCommand.class,
            TensorFlowToOnnxCommand.class,
            JaxToOnnxCommand.class,
            VerifyCommand.class,
            PredictCommand.class,
            ServeCommand.class,
            BenchCommand.class,
            TrainCommand.class,
            TableCommand.class,
            EvaluateCommand.class,
            ExplainCommand.class,
            CheckpointCommand.class,
            DatasetCommand.class,
            DemoCommand.class,
            DoctorCommand.class,
            CompletionCommand.class,
            HelpCommand.class
        },
        footerHeading = "%nFirst steps:%n",
        footer = {
            "  portolan demo                                      run the whole way once, on a bundled model",
            "  portolan inspect checkpoint.pkl                    show the contents of a checkpoint",
            "  portolan convert checkpoint.pkl -o model.onnx      export a checkpoint",
            "  portolan tf2onnx saved_model/ -o model.onnx        convert any TensorFlow graph",
            "  portolan predict model.onnx image.png              classify images",
            "  portolan serve model.onnx                          serve it over HTTP",
            "  portolan explain checkpoint.pkl images/ -o r.html  explain the verdicts",
            "  portolan bench model.onnx                          measure the speed on this machine",
            "  portolan train --data generate:easiest -o run      train a model",
            "  portolan table --scale smoke -o table              train several models and compare them",
            "  portolan checkpoint convert in.pkl out.npz          convert a checkpoint's format",
            "  portolan dataset generate --count 1000 -o images   draw Pathfinder pictures",
            "  portolan doctor                                    check that this machine computes correctly",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 parity beyond the tolerance, 141 the reader of the output closed it.",
            "See 'portolan help COMMAND' for a command's options."
        })
public final class Portolan {
    /** Exit code of a comparison that found too large a difference. */
    static final int NO_PARITY = 3;

    private static final int HELP_WIDTH = 100;

    /** The least that the descriptions of options are legible in. */
    private static final int LEAST_HELP_WIDTH = 60;

    /** The log of the library that reads HDF5 files, which reports each step; what is wrong is in its exceptions. */
    private static final Logger HDF5_LOG = Logger.getLogger("io.jhdf");

    @Option(names = "--stacktrace", scope = ScopeType.INHERIT, description = "Print the stack trace of an error.")
    private boolean stacktrace;

    private Portolan() {}

    public static void main(String[] arguments) {
        StandardOutput.install();
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, failure) -> System.err.println("portolan: " + Failures.describe(failure)));
        System.exit(run(arguments));
    }

    /** Runs one command and returns its exit code, which is that of a failure if its output could not be written. */
    static int run(String... arguments) {
        int code = execute(arguments);
        Optional<String> lost = StandardOutput.failure();
        if (lost.isEmpty()) {
            return code;
        }
        if (StandardOutput.isClosedPipe(lost.get())) {
            return StandardOutput.CLOSED_PIPE;
        }
        System.err.println("portolan: standard output: " + lost.get());
        return code == CommandLine.ExitCode.OK ? CommandLine.ExitCode.SOFTWARE : code;
    }

    /** Like {@link #run}, for a command that is followed by others in the same process. */
    static int execute(String... arguments) {
        HDF5_LOG.setLevel(Level.OFF);
        Portolan portolan = new Portolan();
        CommandLine commandLine =
                new CommandLine(portolan).setUsageHelpWidth(helpWidth()).setCaseInsensitiveEnumValuesAllowed(true);
        Map<String, IHelpSectionRenderer> sections = commandLine.getHelpSectionMap();
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, new GroupedOptions());
        commandLine.setHelpSectionMap(sections);
        PrintWriter err = commandLine.getErr();
        commandLine.setExecutionStrategy(Portolan::executeOrHelp);
        commandLine.setExecutionExceptionHandler(
                (failure, command, parsed) -> portolan.explain(failure, commandLine, err));
        commandLine.setParameterExceptionHandler((wrong, given) -> explain(wrong, err));
        if (arguments.length == 0) {
            commandLine.usage(err);
            return CommandLine.ExitCode.USAGE;
        }
        try {
            return commandLine.execute(arguments);
        } catch (Error failure) {
            return portolan.explain(failure, commandLine, err);
        }
    }

    /** As wide as the terminal, whose width shells keep in COLUMNS, but not wider than what can be read. */
    private static int helpWidth() {
        try {
            return Math.max(LEAST_HELP_WIDTH, Math.min(HELP_WIDTH, Integer.parseInt(System.getenv("COLUMNS"))));
        } catch (NumberFormatException unknown) {
            return HELP_WIDTH;
        }
    }

    /** Help may have colours; the output of commands is escaped by {@link Terminal}. */
    private static int executeOrHelp(ParseResult parsed) {
        Integer help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            return help;
        }
        CommandLine commandLine = parsed.commandSpec().commandLine();
        commandLine.setOut(new Terminal(commandLine.getOut()));
        commandLine.setErr(new Terminal(commandLine.getErr()));
        return new CommandLine.RunLast().execute(parsed);
    }

    private int explain(Throwable failure, CommandLine command, PrintWriter err) {
        command.getOut().flush();
        err.println(command.getColorScheme().errorText("portolan: " + Failures.describe(failure)));
        if (stacktrace) {
            failure.printStackTrace(err);
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** Prints the error and a pointer to the help; the whole help would scroll the error off the screen. */
    private static int explain(ParameterException wrong, PrintWriter err) {
        CommandLine command = wrong.getCommandLine();
        err.println(command.getColorScheme()
                .errorText("portolan: " + VisibleText.line(words(wrong), Terminal.LONGEST_LINE)));
        UnmatchedArgumentException.printSuggestions(wrong, err);
        err.println("'" + command.getCommandSpec().qualifiedName() + " --help' shows its usage.");
        return CommandLine.ExitCode.USAGE;
    }

    /** What picocli says, but for values that are no pairs: it names KEY=VALUE, whatever the option's own notation is. */
    private static String words(ParameterException wrong) {
        return wrong.getArgSpec() instanceof OptionSpec option
                        && option.typeInfo().isMap()
                        && wrong.getValue() != null
                ? option.longestName() + " takes " + option.paramLabel() + ", not '" + wrong.getValue() + "'"
                : wrong.getMessage();
    }

    static String version() {
        String version = Portolan.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return Stream.concat(
                            Stream.of("portolan " + version()),
                            Installation.components().stream().map(component -> "  " + component))
                    .toArray(String[]::new);
        }
    }
}
