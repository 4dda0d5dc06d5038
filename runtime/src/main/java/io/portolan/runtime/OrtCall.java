package io.portolan.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** One call of a session. Native tensors live only inside it, so none can outlive its session or be used closed. */
final class OrtCall {
    private OrtCall() {
    }

    static Map<String, FloatTensor> run(OrtSession session, Map<String, FloatTensor> feeds) throws OrtException {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, FloatTensor> feed : feeds.entrySet()) {
                inputs.put(feed.getKey(), toNative(feed.getValue()));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                return toJava(result);
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor toNative(FloatTensor tensor) throws OrtException {
        if (tensor.size() > Integer.MAX_VALUE / Float.BYTES) {
            throw new IllegalArgumentException(tensor + " exceeds 2 GB, the most that a Java buffer holds; split the batch");
        }
        // ONNX Runtime reads a direct buffer as it lies in memory; in Java's default byte order it would see garbage.
        FloatBuffer buffer = ByteBuffer.allocateDirect(tensor.size() * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        buffer.put(tensor.asBuffer()).rewind();
        return OnnxTensor.createTensor(OrtSessions.environment(), buffer, tensor.shape());
    }

    private static Map<String, FloatTensor> toJava(OrtSession.Result result) {
        Map<String, FloatTensor> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
            OnnxTensor tensor = (OnnxTensor) output.getValue();
            FloatBuffer buffer = tensor.getFloatBuffer();
            float[] values = new float[buffer.remaining()];
            buffer.get(values);
            outputs.put(output.getKey(), new FloatTensor(tensor.getInfo().getShape(), values));
        }
        return outputs;
    }
}
