package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.FourierOp;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.tensorflow.handlers.StandardHandlers;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.tensorflow.proto.DataType;

/** Generates the page of supported ops from the definitions. */
final class SupportedOpsPage {
    private static final Map<DataType, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put(DataType.DT_FLOAT, "float32");
        NAMES.put(DataType.DT_DOUBLE, "float64");
        NAMES.put(DataType.DT_INT32, "int32");
        NAMES.put(DataType.DT_INT64, "int64");
        NAMES.put(DataType.DT_BOOL, "bool");
        NAMES.put(DataType.DT_UINT8, "uint8");
        NAMES.put(DataType.DT_INT8, "int8");
        NAMES.put(DataType.DT_UINT16, "uint16");
        NAMES.put(DataType.DT_INT16, "int16");
        NAMES.put(DataType.DT_UINT32, "uint32");
        NAMES.put(DataType.DT_UINT64, "uint64");
        NAMES.put(DataType.DT_HALF, "float16");
        NAMES.put(DataType.DT_BFLOAT16, "bfloat16");
        NAMES.put(DataType.DT_STRING, "string");
        NAMES.put(DataType.DT_QUINT8, "quint8");
        NAMES.put(DataType.DT_QINT8, "qint8");
        NAMES.put(DataType.DT_QUINT16, "quint16");
        NAMES.put(DataType.DT_QINT16, "qint16");
        NAMES.put(DataType.DT_COMPLEX64, "complex64");
        NAMES.put(DataType.DT_COMPLEX128, "complex128");
    }

    private SupportedOpsPage() {}

    /** The page without the measured numbers of the accuracy table. */
    static String text() {
        StringBuilder page = new StringBuilder(
                """
                # Supported TensorFlow ops

                Generated from the definitions in `converter/core/src/main/java/io/portolan/converter/tensorflow/handlers`. `OpParityTest`
                runs each of these %d ops with each of the types listed, in TensorFlow and in ONNX Runtime, with two batch sizes and in up
                to four opsets, and compares. How to add one: [adding-an-op.md](adding-an-op.md).

                Axes, permutations, block sizes and the like must be constants, or sizes of tensors that are known. *from opset*: the
                oldest one that the op can be written in, %d by default; the newest is %d. ¹: computed as float32, because ONNX
                Runtime has no kernel for float64.
                """.formatted(StandardHandlers.registry().definitions().size(), Opset.OLDEST, Opset.NEWEST));
        StandardHandlers.families().forEach((family, definitions) -> {
            page.append("\n## ")
                    .append(family)
                    .append("\n\n| op | types | attributes | limited to |\n|---|---|---|---|\n");
            definitions.forEach(definition -> page.append(row(definition)));
        });
        return page.append("""

                ## Accuracy of the Fourier transforms

                The norm of the error over the norm of the result, against the definition evaluated in float64, for random numbers; an
                upper bound. One axis of the length, two, or two and one of 3 points. float32 first, then float64 (where the reference
                rounds too).

                """).append(accuracyHead()).toString();
    }

    private static String row(OpDefinition definition) {
        OpDefinition.Facts facts = definition.facts();
        String types = NAMES.entrySet().stream()
                .filter(type -> definition.types().contains(type.getKey()))
                .map(type -> type.getKey() == DataType.DT_DOUBLE && facts.isSingle()
                        ? type.getValue() + "¹"
                        : type.getValue())
                .collect(Collectors.joining(" "));
        String opset = facts.since() > Opset.OLDEST ? "from opset " + facts.since() : "";
        String limits =
                opset.isEmpty() || facts.limits().isEmpty() ? opset + facts.limits() : opset + "; " + facts.limits();
        return "| `%s` | %s | %s | %s |\n"
                .formatted(definition.name(), types, String.join(" ", new TreeSet<>(facts.attributes())), limits);
    }

    private static String accuracyHead() {
        String lengths = IntStream.of(FourierAccuracyTest.LENGTHS)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" | "));
        return "| op | " + lengths + " |\n|---|" + "---|".repeat(FourierAccuracyTest.LENGTHS.length) + "\n";
    }

    /** The rows of the table of accuracy, as measured here. */
    static String accuracy() {
        return Arrays.stream(FourierOp.values())
                .map(op -> "| `" + op.opName() + "` | "
                        + IntStream.of(FourierAccuracyTest.LENGTHS)
                                .mapToObj(length -> cell(op, length))
                                .collect(Collectors.joining(" | "))
                        + " |\n")
                .collect(Collectors.joining());
    }

    private static String cell(FourierOp op, int length) {
        return bound(FourierAccuracyTest.relativeError(op, length, OnnxType.FLOAT)) + ", "
                + bound(FourierAccuracyTest.relativeError(op, length, OnnxType.DOUBLE));
    }

    /** The next of 1, 2, 5, 10, ... units with some room, as another processor sums in another order. */
    private static String bound(double error) {
        if (error == 0) {
            return "0";
        }
        double wanted = 1.5 * error;
        double decade = Math.pow(10, Math.floor(Math.log10(wanted)));
        double bound = IntStream.of(1, 2, 5, 10)
                .mapToDouble(unit -> unit * decade)
                .filter(unit -> unit >= wanted)
                .findFirst()
                .orElseThrow();
        return String.format(Locale.ROOT, "%.0e", bound);
    }
}
