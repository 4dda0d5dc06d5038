package io.portolan.converter.verify;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/**
 * Perturbs floating-point numbers by at most one unit in the last place, pseudo-randomly and reproducibly. The change of a result tells
 * its resolution in float32: no two programs can be expected to agree better than a few times that.
 */
public final class LastBits {
    private LastBits() {}

    /** Perturbs the input of a model. */
    public static float[] changed(float[] numbers) {
        Random random = new Random(numbers.length);
        float[] changed = new float[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            changed[i] = neighbour(numbers[i], random);
        }
        return changed;
    }

    /** Perturbs the elements of a tensor of floats or doubles; others stay as they are. */
    public static TensorData changed(TensorData tensor) {
        if (tensor.type() != OnnxType.FLOAT && tensor.type() != OnnxType.DOUBLE) {
            return tensor;
        }
        Random random = new Random(tensor.size());
        double[] elements = tensor.doubles();
        if (tensor.type() == OnnxType.FLOAT) {
            Arrays.setAll(elements, i -> neighbour((float) elements[i], random));
        } else {
            Arrays.setAll(elements, i -> random.nextBoolean() ? Math.nextUp(elements[i]) : Math.nextDown(elements[i]));
        }
        return TensorData.ofDoubles(tensor.type(), elements, tensor.shape());
    }

    /** Perturbs the float32 weights of a model without external data. */
    public static ModelProto changed(ModelProto model) {
        ModelProto.Builder changed = model.toBuilder();
        for (TensorProto.Builder weights : changed.getGraphBuilder().getInitializerBuilderList()) {
            if (weights.getDataType() == OnnxType.FLOAT.number() && weights.hasRawData()) {
                weights.setRawData(changed(weights.getRawData()));
            }
        }
        return changed.build();
    }

    private static ByteString changed(ByteString littleEndian) {
        ByteBuffer from = littleEndian.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer to = ByteBuffer.allocate(from.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(from.remaining());
        while (from.remaining() >= Float.BYTES) {
            to.putFloat(neighbour(from.getFloat(), random));
        }
        return ByteString.copyFrom(to.flip());
    }

    private static float neighbour(float number, Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> Math.nextDown(number);
            case 1 -> Math.nextUp(number);
            default -> number;
        };
    }
}
