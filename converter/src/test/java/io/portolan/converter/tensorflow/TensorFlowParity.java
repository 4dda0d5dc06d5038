package io.portolan.converter.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.onnx.ModelChecker;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.passes.PassPipeline;
import io.portolan.converter.tensorflow.handlers.StandardHandlers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.RawTensor;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/** Runs a TensorFlow graph and its conversion on the same inputs. */
final class TensorFlowParity {
    private static final Map<OnnxType, Class<? extends TType>> TENSORS = Map.of(
            OnnxType.FLOAT, TFloat32.class, OnnxType.DOUBLE, TFloat64.class, OnnxType.INT32, TInt32.class,
            OnnxType.INT64, TInt64.class, OnnxType.BOOL, TBool.class);
    private static final long[] BATCHES = {1, 3};

    private TensorFlowParity() {}

    /** Converts, checks the model with ONNX's own checker, and compares all outputs at two batch sizes. */
    static void check(ParityCase parity) {
        try (Graph graph = new Graph(); Session session = new Session(graph)) {
            List<Output<?>> outputs = parity.build(graph);
            OnnxGraph imported = convert(graph.toGraphDef(), parity.inputs().size(), outputs);
            byte[] model = OnnxWriter.write(imported, Map.of()).toByteArray();
            ModelChecker.check(model, Opset.DEFAULT);
            Random random = new Random(parity.name().hashCode());
            for (long batch : BATCHES) {
                List<TensorData> feeds = parity.inputs().stream().map(feed -> feed.sample(random, batch)).toList();
                List<TensorData> expected = runTensorFlow(session, outputs, feeds);
                List<TensorData> actual = runOnnx(model, feeds);
                List<Value> types = List.copyOf(imported.outputs().values());
                for (int i = 0; i < expected.size(); i++) {
                    assertShapeIsAsInferred(types.get(i), actual.get(i), batch);
                    assertSame(parity + ", batch " + batch + ", output " + i, expected.get(i), actual.get(i),
                            parity.tolerance());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The graph with inputs {@code x0}, {@code x1}, ... and outputs {@code y0}, {@code y1}, ..., after all passes. */
    static OnnxGraph convert(GraphDef definition, int inputCount, List<Output<?>> outputs) {
        Map<String, String> inputs = new LinkedHashMap<>();
        for (int i = 0; i < inputCount; i++) {
            inputs.put("x" + i, "x" + i);
        }
        Map<String, String> names = new LinkedHashMap<>();
        for (Output<?> output : outputs) {
            names.put(output.op().name() + ":" + output.index(), "y" + names.size());
        }
        OnnxGraph graph = new TensorFlowImporter(StandardHandlers.registry()).importGraph(definition, inputs, names);
        PassPipeline.standard().run(graph);
        return graph;
    }

    static List<TensorData> runTensorFlow(Session session, List<Output<?>> outputs, List<TensorData> feeds) {
        Session.Runner runner = session.runner();
        List<Tensor> tensors = new ArrayList<>();
        for (TensorData feed : feeds) {
            byte[] bytes = new byte[feed.bytes().remaining()];
            feed.bytes().get(bytes);
            Tensor tensor = Tensor.of(TENSORS.get(feed.type()), Shape.of(feed.shape()), DataBuffers.of(bytes));
            runner.feed("x" + tensors.size(), tensor);
            tensors.add(tensor);
        }
        outputs.forEach(runner::fetch);
        try (Result result = runner.run()) {
            List<TensorData> fetched = new ArrayList<>();
            result.forEach(entry -> fetched.add(data(entry.getValue())));
            return fetched;
        } finally {
            tensors.forEach(Tensor::close);
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

    static List<TensorData> runOnnx(byte[] model, List<TensorData> feeds) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session = environment.createSession(model, options)) {
            for (TensorData feed : feeds) {
                ByteBuffer direct = ByteBuffer.allocateDirect(Math.max(1, feed.bytes().remaining()))
                        .order(ByteOrder.nativeOrder()).put(feed.bytes()).flip();
                tensors.put("x" + tensors.size(), OnnxTensor.createTensor(environment, direct, feed.shape(),
                        javaType(feed.type())));
            }
            // An input that no output depends on is not an input of the session.
            tensors.keySet().retainAll(session.getInputNames());
            try (OrtSession.Result result = session.run(tensors)) {
                List<TensorData> fetched = new ArrayList<>();
                for (Map.Entry<String, OnnxValue> entry : result) {
                    fetched.add(data((OnnxTensor) entry.getValue()));
                }
                return fetched;
            }
        } catch (OrtException e) {
            throw new AssertionError("ONNX Runtime: " + e.getMessage(), e);
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private static TensorData data(OnnxTensor tensor) {
        TensorInfo info = tensor.getInfo();
        return new TensorData(OnnxType.valueOf(info.type.name()), info.getShape(), tensor.getByteBuffer());
    }

    private static OnnxJavaType javaType(OnnxType type) {
        return OnnxJavaType.valueOf(type.name());
    }

    /** In these graphs every open size is fed the batch. */
    private static void assertShapeIsAsInferred(Value inferred, TensorData actual, long batch) {
        assertThat(inferred.rank()).as("rank of %s", inferred).isEqualTo(actual.shape().length);
        for (int axis = 0; axis < actual.shape().length; axis++) {
            Dim dim = inferred.shape().dim(axis);
            if (!dim.isUnknown()) {
                long size = dim.coefficient() * Math.round(Math.pow(batch, dim.symbols().size()));
                assertThat(size).as("axis %d of %s", axis, inferred).isEqualTo(actual.shape()[axis]);
            }
        }
    }

    static void assertSame(String what, TensorData expected, TensorData actual, double tolerance) {
        assertThat(actual.type()).as("%s: element type", what).isEqualTo(expected.type());
        assertThat(actual.shape()).as("%s: shape", what).isEqualTo(expected.shape());
        double[] want = expected.doubles();
        double[] have = actual.doubles();
        for (int i = 0; i < want.length; i++) {
            boolean same = Double.compare(want[i], have[i]) == 0
                    || Math.abs(want[i] - have[i]) <= tolerance * Math.max(1, Math.abs(want[i]));
            assertThat(same).as("%s: element %d is %s, expected %s", what, i, have[i], want[i]).isTrue();
        }
    }
}
