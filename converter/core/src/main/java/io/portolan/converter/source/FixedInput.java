package io.portolan.converter.source;

import com.google.protobuf.ByteString;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.tensorflow.ConstantNodes;
import io.portolan.converter.tensorflow.TensorFlowTypes;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * The value that an input always has.
 *
 * @param node the constant in place of the input's placeholder
 * @param value what is fed to the original graph
 */
record FixedInput(NodeDef node, TensorData value) {
    /** More than this is not what somebody means by a number; the sizes are those that a file says. */
    private static final long MOST_ELEMENTS = 1 << 20;

    private static final Map<String, Double> TRUTH = Map.of("true", 1.0, "false", 0.0);

    /**
     * An input that is one number or truth value, or that many in an array of known sizes.
     *
     * @param name how messages name it
     * @throws ConversionException if the text is no number of its type, or its sizes are open or large
     */
    static FixedInput of(NodeDef placeholder, String name, String text) {
        DataType type = placeholder.getAttrOrThrow("dtype").getType();
        // Without a shape, its rank is not known: it takes a scalar.
        TensorShapeProto shape = placeholder
                .getAttrOrDefault("shape", AttrValue.getDefaultInstance())
                .getShape();
        long[] sizes = shape.getDimList().stream()
                .mapToLong(TensorShapeProto.Dim::getSize)
                .toArray();
        if (Arrays.stream(sizes).anyMatch(size -> size < 0)) {
            throw new ConversionException("The input " + name + " cannot be a constant: it has open sizes");
        }
        double number = number(type, name, text);
        double count = Arrays.stream(sizes).asDoubleStream().reduce(1, (one, other) -> one * other);
        if (count > MOST_ELEMENTS) {
            throw new ConversionException(
                    "The input " + name + " cannot be a constant: it has more than " + MOST_ELEMENTS + " elements");
        }
        double[] elements = new double[(int) count];
        Arrays.fill(elements, number);
        TensorData value = TensorData.ofDoubles(TensorFlowTypes.element(type), elements, sizes);
        TensorProto tensor = TensorProto.newBuilder()
                .setDtype(type)
                .setTensorShape(ConstantNodes.shape(sizes))
                .setTensorContent(ByteString.copyFrom(value.bytes()))
                .build();
        return new FixedInput(ConstantNodes.of(placeholder.getName(), tensor), value);
    }

    private static double number(DataType type, String name, String text) {
        OnnxType element = TensorFlowTypes.isComplex(type) ? OnnxType.STRING : TensorFlowTypes.element(type);
        try {
            if (element == OnnxType.BOOL && TRUTH.containsKey(text)) {
                return TRUTH.get(text);
            }
            if (element.isNumeric()) {
                return element.isInteger() ? new BigDecimal(text).intValueExact() : Double.parseDouble(text);
            }
        } catch (ArithmeticException | NumberFormatException wrong) {
            // The refusal below says what was expected.
        }
        throw new ConversionException("The input " + name + " cannot be the constant " + text
                + ": expected a number of its type, or true or false; it is of " + type);
    }
}
