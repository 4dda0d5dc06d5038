package io.portolan.cli;

import io.portolan.checkpoints.ParameterPlaceException;
import io.portolan.checkpoints.files.ExistingFileException;
import io.portolan.checkpoints.numpy.VoidTypeException;
import io.portolan.checkpoints.orbax.OrbaxChoiceException;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.converter.TargetException;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.onnx.OpsetException;
import io.portolan.exporter.LabelCountException;
import io.portolan.graphs.config.MissingFieldsException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Hints that name the options which solve a failure: exceptions of the libraries tell what is missing, this class adds the option. */
final class Remedies {
    private static final List<Remedy<?>> ALL = List.of(
            new Remedy<>(ExistingFileException.class, failure -> ", or --force to replace it"),
            new Remedy<>(ParameterPlaceException.class, Remedies::place),
            new Remedy<>(VoidTypeException.class, Remedies::type),
            new Remedy<>(OrbaxChoiceException.class, Remedies::choice),
            new Remedy<>(MissingFieldsException.class, Remedies::fields),
            new Remedy<>(LabelCountException.class, failure -> "; give one for each with --labels"),
            new Remedy<>(OpsetException.class, failure -> "\nGive --opset " + failure.neededOpset() + " or newer"),
            new Remedy<>(TargetException.class, Remedies::operators),
            new Remedy<>(ConversionException.class, Remedies::options));

    /** Options that avoid an operator. */
    private static final Map<StandardOp, String> WITHOUT = Map.of(
            StandardOp.DFT, "leave out --fft dft",
            StandardOp.SCAN, "unroll the steps: --scan unrolled");

    private Remedies() {}

    private record Remedy<X extends Exception>(Class<X> type, Function<X, String> words) {
        Optional<String> of(Throwable failure) {
            return type.isInstance(failure) ? Optional.of(words.apply(type.cast(failure))) : Optional.empty();
        }
    }

    /** The hint to append to the message of a failure; empty if no option helps. */
    static String of(Throwable failure) {
        return ALL.stream()
                .flatMap(remedy -> remedy.of(failure).stream())
                .findFirst()
                .orElse("");
    }

    private static String place(ParameterPlaceException failure) {
        List<String> places = failure.places();
        return places.isEmpty()
                ? " (give it with --params)"
                : ": choose with --params, such as --params " + places.get(places.size() - 1);
    }

    private static String type(VoidTypeException failure) {
        ElementType example = failure.bytes() == 1 ? ElementType.FLOAT8_E4M3FN : ElementType.BFLOAT16;
        return "; give it with --read-dtype, such as --read-dtype " + example.label();
    }

    private static String choice(OrbaxChoiceException failure) {
        String option = failure.subject() == OrbaxChoiceException.Subject.STEP ? "--step" : "--item";
        List<String> choices = failure.choices();
        return choices.isEmpty()
                ? "; leave out " + option
                : "; choose with " + option + ", such as " + option + " " + choices.get(choices.size() - 1);
    }

    private static String fields(MissingFieldsException failure) {
        Map<String, Optional<String>> missing = failure.missing();
        String known = missing.values().stream().allMatch(Optional::isPresent)
                ? ". Give --config FILE.json, or if the model was trained with the reference's defaults: "
                : ". Give --config FILE.json, or ";
        return missing.entrySet().stream()
                .map(field -> "--set " + field.getKey() + "=" + field.getValue().orElse("VALUE"))
                .collect(Collectors.joining(" ", known, ""));
    }

    private static String operators(TargetException failure) {
        String ways = failure.unknown().stream()
                .filter(WITHOUT::containsKey)
                .map(op -> op.opName() + " (" + WITHOUT.get(op) + ")")
                .collect(Collectors.joining(", "));
        String others = "another --target than " + failure.target().name().toLowerCase(Locale.ROOT);
        return "\nGive " + others + (ways.isEmpty() ? "" : ", or avoid " + ways);
    }

    private static String options(ConversionException failure) {
        return failure.remedies().isEmpty()
                ? ""
                : failure.remedies().stream().map(Remedies::option).collect(Collectors.joining(" or ", " (", ")"));
    }

    private static String option(ConversionException.Remedy remedy) {
        return switch (remedy) {
            case NAME_OUTPUTS -> "--outputs TENSOR,...";
            case CHOOSE_SIGNATURE -> "--signature NAME";
            case CHOOSE_TAGS -> "--tags TAG,...";
            case GIVE_SHAPE -> "--shape INPUT=N,N,...";
            case FIX_INPUT -> "--constant INPUT=VALUE";
            case GIVE_SAMPLES -> "--sample FILE.npz";
            case SKIP_COMPARISON -> "--no-verify";
        };
    }
}
