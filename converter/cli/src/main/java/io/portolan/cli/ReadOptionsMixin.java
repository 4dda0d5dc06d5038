package io.portolan.cli;

import io.portolan.checkpoints.ReadOptions;
import io.portolan.checkpoints.orbax.OrbaxChoice;
import io.portolan.checkpoints.values.ElementType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a checkpoint is read, wherever its path is given. */
@OptionGroup("Reading checkpoints")
final class ReadOptionsMixin {
    @Option(
            names = "--read-dtype",
            paramLabel = "TYPE",
            split = ",",
            description =
                    "The type of elements in .npy and .npz files that do not state it: what JAX saves of bfloat16 with savez is"
                            + " read with --read-dtype bfloat16. One type of each size, such as bfloat16,float8_e4m3fn.")
    private List<String> types = List.of();

    @Option(
            names = "--step",
            paramLabel = "N",
            description = "The step to read from the folder of an Orbax CheckpointManager; the latest by default.")
    private Long step;

    @Option(
            names = "--item",
            paramLabel = "NAME",
            description = "The item to read from an Orbax checkpoint with several; all by default.")
    private String item;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    ReadOptions toOptions() {
        OrbaxChoice choice =
                new OrbaxChoice(step == null ? OptionalLong.empty() : OptionalLong.of(step), Optional.ofNullable(item));
        try {
            return ReadOptions.defaults()
                    .withOrbax(choice)
                    .withVoidTypes(types.stream().map(this::type).toArray(ElementType[]::new));
        } catch (IllegalArgumentException unfit) {
            throw wrong(unfit.getMessage());
        }
    }

    private ElementType type(String name) {
        return ElementType.named(name)
                .orElseThrow(() -> wrong("'" + name + "': expected a type of ml_dtypes, such as bfloat16"));
    }

    private ParameterException wrong(String problem) {
        return new ParameterException(command.commandLine(), "--read-dtype: " + problem);
    }
}
