package io.portolan.converter.verify;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.tensorflow.TensorFlowTypes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.RawTensor;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint16;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/** One run in each of the two runtimes, from plain data to plain data. */
public final class Runs {
    private static final Map<OnnxType, Class<? extends TType>> TENSORS = Map.of(
            OnnxType.FLOAT, TFloat32.class, OnnxType.DOUBLE, TFloat64.class, OnnxType.INT32, TInt32.class,
            OnnxType.INT64, TInt64.class, OnnxType.BOOL, TBool.class, OnnxType.UINT8, TUint8.class,
            OnnxType.UINT16, TUint16.class);

    private Runs() {}

    /** Whether tensors of an element type can be made and looked into. */
    public static boolean knows(OnnxType type) {
        return TENSORS.containsKey(type);
    }

    /**
     * Runs TensorFlow.
     *
     * @param tensors what to fetch, {@code node} or {@code node:1}
     * @param feeds what to feed, by tensor
     */
    public static List<TensorData> tensorFlow(Session session, List<String> tensors, Map<String, TensorData> feeds) {
        Session.Runner runner = session.runner();
        List<Tensor> fed = new ArrayList<>();
        feeds.forEach((name, feed) -> {
            byte[] bytes = new byte[feed.bytes().remaining()];
            feed.bytes().get(bytes);
            Tensor tensor = Tensor.of(TENSORS.get(feed.type()), Shape.of(feed.shape()), DataBuffers.of(bytes));
            runner.feed(name, tensor);
            fed.add(tensor);
        });
        tensors.forEach(runner::fetch);
        try (Result result = runner.run()) {
            List<TensorData> fetched = new ArrayList<>();
            result.forEach(entry -> fetched.add(data(entry.getValue())));
            return fetched;
        } finally {
            fed.forEach(Tensor::close);
        }
    }

    private static TensorData data(Tensor tensor) {
        RawTensor raw = tensor.asRawTensor();
        ByteDataBuffer elements = raw.data();
        byte[] bytes = new byte[(int) elements.size()];
        elements.read(bytes);
        OnnxType type = TensorFlowTypes.element(tensor.dataType());
        return new TensorData(type, tensor.shape().asArray(), ByteBuffer.wrap(bytes));
    }

    /** The outputs of a model in their order. */
    public static List<TensorData> onnx(byte[] model, Map<String, TensorData> feeds) {
        return onnx((environment, options) -> environment.createSession(model, options), feeds);
    }

    /** The outputs of a model in a file, in their order. */
    public static List<TensorData> onnx(Path model, Map<String, TensorData> feeds) {
        return onnx((environment, options) -> environment.createSession(model.toString(), options), feeds);
    }

    /** Loads a model. */
    private interface Loading {
        OrtSession load(OrtEnvironment environment, OrtSession.SessionOptions options) throws OrtException;
    }

    private static List<TensorData> onnx(Loading loading, Map<String, TensorData> feeds) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            // Small tensors: a second thread would only cost.
            options.setIntraOpNumThreads(1);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            try (OrtSession session = loading.load(environment, options)) {
                for (Map.Entry<String, TensorData> feed : feeds.entrySet()) {
                    // An input that no output depends on is not an input of the session.
                    if (session.getInputNames().contains(feed.getKey())) {
                        tensors.put(feed.getKey(), tensor(environment, feed.getValue()));
                    }
                }
                try (OrtSession.Result result = session.run(tensors)) {
                    List<TensorData> fetched = new ArrayList<>();
                    for (Map.Entry<String, OnnxValue> entry : result) {
                        fetched.add(data((OnnxTensor) entry.getValue()));
                    }
                    return fetched;
                }
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, TensorData feed) throws OrtException {
        ByteBuffer direct = ByteBuffer.allocateDirect(Math.max(1, feed.bytes().remaining()))
                .order(ByteOrder.nativeOrder()).put(feed.bytes()).flip();
        return OnnxTensor.createTensor(environment, direct, feed.shape(), OnnxJavaType.valueOf(feed.type().name()));
    }

    private static TensorData data(OnnxTensor tensor) {
        TensorInfo info = tensor.getInfo();
        return new TensorData(OnnxType.valueOf(info.type.name()), info.getShape(), tensor.getByteBuffer());
    }
}
