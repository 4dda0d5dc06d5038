package io.portolan.converter.verify;

import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.tensorflow.TensorFlowTypes;
import io.portolan.runtime.ElementType;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.RuntimeOptions;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint16;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/** Runs a model once in TensorFlow or ONNX Runtime on {@link TensorData}. */
public final class TensorRuns {
    private static final Map<OnnxType, Class<? extends TType>> TENSORS = Map.of(
            OnnxType.FLOAT,
            TFloat32.class,
            OnnxType.DOUBLE,
            TFloat64.class,
            OnnxType.INT32,
            TInt32.class,
            OnnxType.INT64,
            TInt64.class,
            OnnxType.BOOL,
            TBool.class,
            OnnxType.UINT8,
            TUint8.class,
            OnnxType.UINT16,
            TUint16.class,
            OnnxType.STRING,
            TString.class);

    /** One thread: for small tensors a second one would only add overhead. */
    static final RuntimeOptions RUNTIME = RuntimeOptions.latency().withThreads(1);

    private TensorRuns() {}

    /** Whether tensors of an element type can be created and read. */
    public static boolean knows(OnnxType type) {
        return TENSORS.containsKey(type);
    }

    /**
     * Runs TensorFlow.
     *
     * @param tensors the tensors to fetch, {@code node} or {@code node:1}
     * @param feeds the inputs, by tensor
     */
    public static List<TensorData> tensorFlow(Session session, List<String> tensors, Map<String, TensorData> feeds) {
        Session.Runner runner = session.runner();
        List<Tensor> fed = new ArrayList<>();
        feeds.forEach((name, feed) -> {
            Tensor tensor = tensorFlow(feed);
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

    private static Tensor tensorFlow(TensorData data) {
        Shape shape = Shape.of(data.shape());
        if (data.type() == OnnxType.STRING) {
            return TString.tensorOf(shape, DataBuffers.ofObjects(data.texts().toArray(String[]::new)));
        }
        byte[] bytes = new byte[data.bytes().remaining()];
        data.bytes().get(bytes);
        return Tensor.of(TENSORS.get(data.type()), shape, DataBuffers.of(bytes));
    }

    private static TensorData data(Tensor tensor) {
        if (tensor instanceof TString texts) {
            List<String> elements = new ArrayList<>();
            texts.asBytes().scalars().forEach(text -> elements.add(decoded(text.getObject())));
            return TensorData.ofTexts(elements, tensor.shape().asArray());
        }
        RawTensor raw = tensor.asRawTensor();
        ByteDataBuffer elements = raw.data();
        byte[] bytes = new byte[(int) elements.size()];
        elements.read(bytes);
        OnnxType type = TensorFlowTypes.element(tensor.dataType());
        return new TensorData(type, tensor.shape().asArray(), ByteBuffer.wrap(bytes));
    }

    private static String decoded(byte[] text) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
        } catch (CharacterCodingException otherBytes) {
            throw new ConversionException(
                    "TensorFlow has a text of bytes that are not UTF-8, which ONNX requires", otherBytes);
        }
    }

    /** The outputs of a model in their order. */
    public static List<TensorData> onnx(byte[] model, Map<String, TensorData> feeds) {
        try (OnnxModel loaded = OnnxModel.load("the model", model, RUNTIME)) {
            return onnx(loaded, feeds);
        }
    }

    /** The outputs of a model in a file, in their order. */
    public static List<TensorData> onnx(Path model, Map<String, TensorData> feeds) {
        try (OnnxModel loaded = OnnxModel.load(model, RUNTIME)) {
            return onnx(loaded, feeds);
        }
    }

    /**
     * The outputs of a loaded model, in their order.
     *
     * @param feeds the inputs by name; those that the model does not have, because no output depends on them, are ignored
     */
    static List<TensorData> onnx(OnnxModel model, Map<String, TensorData> feeds) {
        Map<String, io.portolan.runtime.Tensor> tensors = new LinkedHashMap<>();
        feeds.forEach((name, feed) -> {
            if (model.inputs().containsKey(name)) {
                tensors.put(name, tensor(feed));
            }
        });
        return model.run(tensors).values().stream().map(TensorRuns::data).toList();
    }

    private static io.portolan.runtime.Tensor tensor(TensorData feed) {
        ByteBuffer direct = ByteBuffer.allocateDirect(feed.bytes().remaining())
                .put(feed.bytes())
                .flip();
        return new io.portolan.runtime.Tensor(ElementType.valueOf(feed.type().name()), feed.shape(), direct);
    }

    private static TensorData data(io.portolan.runtime.Tensor tensor) {
        return new TensorData(OnnxType.valueOf(tensor.type().name()), tensor.shape(), tensor.data());
    }
}
