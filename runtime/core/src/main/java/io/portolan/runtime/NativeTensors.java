package io.portolan.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A call of a session with tensors of any type. Native handles do not outlive the call. */
final class NativeTensors {
    private NativeTensors() {}

    /**
     * @param options the options of this run
     * @throws OutputTooLargeException if the outputs take more than {@code maxOutputBytes}; they are not copied then
     */
    static Map<String, Tensor> run(
            OrtSession session, Map<String, Tensor> feeds, OrtSession.RunOptions options, long maxOutputBytes)
            throws OrtException {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, Tensor> feed : feeds.entrySet()) {
                inputs.put(feed.getKey(), open(feed.getValue()));
            }
            try (OrtSession.Result result = session.run(inputs, options)) {
                requireSize(result, maxOutputBytes);
                return toJava(result);
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static void requireSize(OrtSession.Result result, long maxOutputBytes) {
        double bytes = 0;
        for (Map.Entry<String, OnnxValue> output : result) {
            TensorInfo info = ((OnnxTensor) output.getValue()).getInfo();
            bytes += (double) info.getNumElements()
                    * Tensor.leastWidth(ElementType.of(info).orElseThrow());
        }
        if (bytes > maxOutputBytes) {
            throw new OutputTooLargeException(String.format(
                    Locale.ROOT, "the outputs take %.0f bytes, and may take %d at most", bytes, maxOutputBytes));
        }
    }

    /**
     * A native handle on the tensor's own memory, or on a copy of strings and of unsigned integers of more than 8 bits.
     * The caller must close it, and must not use it afterwards, which would crash the process.
     */
    static OnnxTensor open(Tensor tensor) throws OrtException {
        ElementType type = tensor.type();
        if (type == ElementType.STRING) {
            return NativeTexts.open(strings(tensor), tensor.shape());
        }
        OnnxTensor carried =
                OnnxTensor.createTensor(OrtSessions.environment(), tensor.writable(), tensor.shape(), type.carrier());
        return type.isCarriedAsItself() ? carried : UnsignedCast.consume(carried, type);
    }

    private static String[] strings(Tensor tensor) {
        ByteBuffer data = tensor.data();
        String[] strings = new String[tensor.size()];
        for (int i = 0; i < strings.length; i++) {
            byte[] text = new byte[data.getInt()];
            data.get(text);
            strings[i] = new String(text, StandardCharsets.UTF_8);
        }
        return strings;
    }

    private static Map<String, Tensor> toJava(OrtSession.Result result) throws OrtException {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
            outputs.put(output.getKey(), toJava((OnnxTensor) output.getValue()));
        }
        return outputs;
    }

    private static Tensor toJava(OnnxTensor answer) throws OrtException {
        ElementType type = ElementType.of(answer.getInfo()).orElseThrow();
        long[] shape = answer.getInfo().getShape();
        if (type == ElementType.STRING) {
            return answer.getInfo().getNumElements() == 0 ? ofStrings(shape) : ofStrings(shape, NativeTexts.of(answer));
        }
        Tensor copy = Tensor.allocate(type, shape);
        copy.writable().put(answer.getByteBuffer());
        return copy;
    }

    private static Tensor ofStrings(long[] shape, String... strings) {
        byte[][] texts = Arrays.stream(strings)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        int bytes =
                Arrays.stream(texts).mapToInt(text -> text.length).reduce(texts.length * Integer.BYTES, Math::addExact);
        ByteBuffer data = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (byte[] text : texts) {
            data.putInt(text.length).put(text);
        }
        return new Tensor(ElementType.STRING, shape, data);
    }
}
