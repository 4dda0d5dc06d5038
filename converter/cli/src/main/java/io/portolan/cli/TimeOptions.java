package io.portolan.cli;

import io.portolan.exporter.CheckpointExportOptions;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.cells.TimeForm;
import io.portolan.graphs.config.InputForm;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.model.Model;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of an exported model's steps: their number, and their form in the graph. */
@OptionGroup("Time")
final class TimeOptions {
    private static final String DYNAMIC = "dynamic";

    /** The form of the steps in the graph. */
    private enum Scan {
        AUTO,
        UNROLLED,
        SCAN
    }

    @Option(
            names = "--frames",
            paramLabel = "T",
            description =
                    "Steps for a still image, or frames of a video: a number, or 'dynamic' for videos of any length."
                            + " Default: that of the model.")
    private String frames;

    @Option(
            names = "--scan",
            defaultValue = "auto",
            paramLabel = "FORM",
            description =
                    "unrolled: nodes for every step, which every runtime supports; scan: one ONNX Scan, as fast; auto: unrolled up to "
                            + CheckpointExportOptions.MOST_UNROLLED + " steps (default: ${DEFAULT-VALUE}).")
    private Scan scan;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** The configuration with the requested number of steps. */
    ModelConfig applied(ModelConfig config) {
        if (frames == null || frames.equals(DYNAMIC)) {
            return config;
        }
        long steps = PositiveNumber.of(frames, Integer.MAX_VALUE)
                .orElseThrow(() -> refused("--frames: expected a number of steps or 'dynamic', got '" + frames + "'"));
        return config.withFrames((int) steps);
    }

    /** The requested form; empty if it follows from the number of steps. */
    Optional<TimeForm> form(ModelConfig config, Plan plan) {
        boolean isDynamic = DYNAMIC.equals(frames);
        if (isDynamic && config.inputForm() == InputForm.IMAGE) {
            throw refused("--frames dynamic: the model takes still images; only videos have a number of frames"
                    + " (--set input=video makes it a video model)");
        }
        if (plan == Plan.FAITHFUL && (isDynamic || scan == Scan.SCAN)) {
            throw refused("the faithful plan unrolls every step; --frames dynamic and --scan scan need --plan fused");
        }
        if (isDynamic && scan == Scan.UNROLLED) {
            throw refused("--frames dynamic cannot be unrolled; leave --scan out");
        }
        if (!Model.hasLoop(config) && (isDynamic || scan == Scan.SCAN)) {
            throw refused("the steps of this model cannot be a loop; leave --frames dynamic and --scan scan out");
        }
        if (isDynamic) {
            return Optional.of(TimeForm.OPEN_SCAN);
        }
        return switch (scan) {
            case AUTO -> Optional.empty();
            case UNROLLED -> Optional.of(TimeForm.UNROLLED);
            case SCAN -> Optional.of(TimeForm.SCAN);
        };
    }

    private ParameterException refused(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
