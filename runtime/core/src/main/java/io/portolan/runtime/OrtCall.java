package io.portolan.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** One call of a session. Native tensors live only inside it, so none can outlive its session or be used closed. */
final class OrtCall {
    private OrtCall() {
    }

    static Map<String, FloatTensor> run(OrtSession session, Map<String, DirectTensor> feeds) throws OrtException {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, DirectTensor> feed : feeds.entrySet()) {
                inputs.put(feed.getKey(), feed.getValue().open());
            }
            try (OrtSession.Result result = session.run(inputs)) {
                return toJava(result);
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
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
