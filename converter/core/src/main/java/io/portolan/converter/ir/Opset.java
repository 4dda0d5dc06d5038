package io.portolan.converter.ir;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A version of ONNX's default operator set, and the file format version that belongs to it.
 *
 * @param version the number of the operator set, {@value #OLDEST} to {@value #NEWEST}
 */
public record Opset(int version) {
    /** The oldest operator set that can be written: from it on, ReduceSum, Squeeze, Unsqueeze and Split take axes and sizes as inputs. */
    public static final int OLDEST = 13;

    /** The newest operator set that can be written. */
    public static final int NEWEST = 23;

    /** The name of the default domain. */
    public static final String DEFAULT_DOMAIN = "";

    /** The domain of operators that are not ONNX's: passes write them as operators that are. */
    static final String OWN_DOMAIN = "portolan";

    /** The domain of operators for classical machine learning, in which tables of texts are. */
    public static final String ML_DOMAIN = "ai.onnx.ml";

    /** The operator set of {@link #ML_DOMAIN} that is written, which every file format version since the oldest can carry. */
    public static final int ML_VERSION = 2;

    /** The default operator set: old enough for the runtimes of interest, and with all axes as inputs. */
    public static final Opset DEFAULT = new Opset(18);

    public Opset {
        if (version < OLDEST || version > NEWEST) {
            throw new IllegalArgumentException(
                    "opset " + version + " cannot be written; expected " + OLDEST + " to " + NEWEST);
        }
    }

    /** All operator sets that can be written. */
    public static Stream<Opset> all() {
        return IntStream.rangeClosed(OLDEST, NEWEST).mapToObj(Opset::new);
    }

    /** The oldest {@code ir_version} that may carry this operator set, from the table in ONNX's Versioning.md. */
    public int irVersion() {
        return switch (version) {
            case 13, 14 -> 7;
            case 15, 16, 17, 18 -> 8;
            case 19, 20 -> 9;
            case 21, 22 -> 10;
            default -> 11;
        };
    }

    @Override
    public String toString() {
        return "opset " + version;
    }
}
