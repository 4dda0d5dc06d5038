package io.portolan.converter.ir;

/**
 * A version of ONNX's default operator set, and the file format version that belongs to it.
 *
 * @param version the number of the operator set
 */
public record Opset(int version) {
    /** The operator set Portolan writes: old enough for the runtimes of interest, and with all axes as inputs. */
    public static final Opset DEFAULT = new Opset(18);

    /** The oldest {@code ir_version} that may carry this operator set, from the table in ONNX's Versioning.md. */
    public int irVersion() {
        return switch (version) {
            case 15, 16, 17, 18 -> 8;
            case 19, 20 -> 9;
            case 21, 22 -> 10;
            default -> throw new IllegalArgumentException("No file format version is known for opset " + version);
        };
    }
}
