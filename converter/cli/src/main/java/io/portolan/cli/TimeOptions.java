package io.portolan.cli;

import io.portolan.exporter.CheckpointExportOptions;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.cells.TimeForm;
import io.portolan.graphs.config.InputForm;
import io.portolan.graphs.config.ModelConfig;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How many steps an exported model takes, and how its graph goes through them. */
final class TimeOptions {
    private static final String DYNAMIC = "dynamic";

    /** How the steps are written. */
    private enum Scan {
        AUTO,
        UNROLLED,
        SCAN
    }

    @Option(
            names = "--frames",
            paramLabel = "T",
            description =
                    "Steps of a still image, or frames of a video: a number, or 'dynamic' for videos of any length."
                            + " Default: the model's own.")
    private String frames;

    @Option(
            names = "--scan",
            defaultValue = "auto",
            paramLabel = "FORM",
            description =
                    "unrolled: plain nodes for every step, which every runtime knows; scan: one ONNX Scan, as fast; auto: unrolled up to "
                            + CheckpointExportOptions.MOST_UNROLLED + " steps (default: ${DEFAULT-VALUE}).")
    private Scan scan;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** The configuration with as many steps as were asked for. */
    ModelConfig applied(ModelConfig config) {
        if (frames == null || frames.equals(DYNAMIC)) {
            return config;
        }
        long steps = PositiveNumber.of(frames, Integer.MAX_VALUE)
                .orElseThrow(() -> refused("--frames: expected a number of steps or 'dynamic', got '" + frames + "'"));
        return config.withFrames((int) steps);
    }

    /** The form that was asked for; empty to leave it to the number of steps. */
    Optional<TimeForm> form(ModelConfig config, Plan plan) {
        boolean isDynamic = DYNAMIC.equals(frames);
        if (isDynamic && config.inputForm() == InputForm.IMAGE) {
            throw refused("--frames dynamic: the model takes still images; only videos have a number of frames"
                    + " (--set input=video makes it a video model)");
        }
        if (plan == Plan.FAITHFUL && (isDynamic || scan == Scan.SCAN)) {
            throw refused(
                    "the faithful plan writes out every step; --frames dynamic and --scan scan need --plan fused");
        }
        if (isDynamic && scan == Scan.UNROLLED) {
            throw refused("--frames dynamic cannot be unrolled; leave --scan out");
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
