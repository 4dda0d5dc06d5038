package io.portolan.converter.source.keras;

import com.google.protobuf.ByteString;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.tensorflow.ConstantNodes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/**
 * A model that Keras has saved in a file, as a TensorFlow graph with its weights as constants.
 *
 * @param graph the graph
 * @param inputs TensorFlow tensor to name: those of the input layers
 * @param outputs TensorFlow tensor to name: those of the layers that compute them, or the keys of a dictionary
 */
public record KerasModel(GraphDef graph, Map<String, String> inputs, Map<String, String> outputs) {
    private static final Map<DataType, ElementType> STORED = Map.of(
            DataType.DT_HALF, ElementType.FLOAT16,
            DataType.DT_BFLOAT16, ElementType.BFLOAT16,
            DataType.DT_FLOAT, ElementType.FLOAT32,
            DataType.DT_DOUBLE, ElementType.FLOAT64,
            DataType.DT_INT32, ElementType.INT32,
            DataType.DT_INT64, ElementType.INT64);

    public KerasModel {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }

    /**
     * Reads a {@code .keras} or {@code .h5} file.
     *
     * @throws io.portolan.checkpoints.values.CheckpointException if it is damaged, beyond the limits, or no whole model
     * @throws ConversionException if a layer, or an option of one, is not understood
     * @throws IOException if it cannot be read
     */
    public static KerasModel read(Path path) throws IOException {
        KerasFile file = KerasFile.read(path);
        try (Graph graph = new Graph()) {
            return new Writing(file, new GraphOps(graph)).model();
        } catch (ConversionException refused) {
            throw new ConversionException(file.name() + ": " + refused.getMessage(), refused);
        } catch (ArithmeticException large) {
            throw new ConversionException(
                    file.name() + ": a layer has sizes beyond 63 bits; expected smaller ones", large);
        }
    }

    /** The layers that are understood, by the names of their classes. */
    public static Set<String> layers() {
        return LayerTable.names();
    }

    private record Writing(KerasFile file, GraphOps tf) {
        KerasModel model() {
            WeightSlots weights = new WeightSlots("", tf);
            LayerTable.Context context = new LayerTable.Context(tf, file.isBeforeKeras3(), file.vocabularies());
            LayeredModel model = LayeredModel.of(SavedLayer.of(file.model()), weights, context);
            Map<String, String> inputs = new LinkedHashMap<>();
            List<Object> given = new ArrayList<>();
            for (LayeredModel.Input input : model.inputs()) {
                Output<?> placeholder = tf.placeholder(input.name(), input.type(), input.shape());
                inputs.put(placeholder.op().name(), input.name());
                given.add(KerasTensor.of(placeholder));
            }
            Object results = model.call(given);
            if (LayeredModel.flat(results).isEmpty()) {
                throw new ConversionException("the model has no outputs");
            }
            Map<String, String> outputs = outputs(LayeredModel.flat(results), model.outputNames(results));
            Map<Output<?>, ArrayData> values = file.weights().of(weights, model.weights());
            return new KerasModel(withWeights(values), inputs, outputs);
        }

        private Map<String, String> outputs(List<Object> results, List<String> names) {
            Map<String, String> outputs = new LinkedHashMap<>();
            Set<String> used = new HashSet<>();
            for (int i = 0; i < results.size(); i++) {
                String name = names.get(i);
                for (int count = 1; !used.add(name); count++) {
                    name = names.get(i) + "_" + count;
                }
                // One tensor may be several outputs.
                Output<?> output = tf.op("Identity", ((KerasTensor) results.get(i)).tensor());
                outputs.put(output.op().name() + ":0", name);
            }
            return outputs;
        }

        private GraphDef withWeights(Map<Output<?>, ArrayData> values) {
            Map<String, NodeDef> constants = new HashMap<>();
            values.forEach((placeholder, array) -> constants.put(
                    placeholder.op().name(), constant(placeholder.op().name(), placeholder.dataType(), array)));
            GraphDef written = tf.graph().toGraphDef();
            GraphDef.Builder graph = written.toBuilder().clearNode();
            written.getNodeList().forEach(node -> graph.addNode(constants.getOrDefault(node.getName(), node)));
            return graph.build();
        }

        private static NodeDef constant(String name, DataType type, ArrayData array) {
            if (array.type() != STORED.get(type)) {
                throw new ConversionException(
                        "the weight " + name + " is " + array + "; expected elements of " + STORED.get(type));
            }
            return ConstantNodes.of(
                    name,
                    TensorProto.newBuilder()
                            .setDtype(type)
                            .setTensorShape(ConstantNodes.shape(array.shape()))
                            .setTensorContent(ByteString.copyFrom(array.bytes()))
                            .build());
        }
    }
}
