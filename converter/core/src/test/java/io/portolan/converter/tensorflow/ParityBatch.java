package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Many cases in one graph, each with every element type, so that they share the sessions that take most of the time. */
final class ParityBatch {
    /** Where one case with one element type has its outputs, and what these should be: usually they themselves. */
    record Instance(ParityCase parity, DataType type, List<Output<?>> outputs, List<Output<?>> expected) {
        @Override
        public String toString() {
            return parity + " [" + type + "]";
        }
    }

    private record Placeholder(String name, DataType type, ParityCase.Feed feed) {}

    private final Graph graph;
    private final List<Placeholder> placeholders = new ArrayList<>();
    private final List<Instance> instances = new ArrayList<>();
    private final Set<DataType> small = EnumSet.noneOf(DataType.class);

    ParityBatch(Graph graph) {
        this.graph = graph;
    }

    /**
     * Adds a case with every type that both it and its op have; a case that goes by no type, once. Small types are in the first case that
     * has them, as what they change is not the arithmetic.
     */
    void add(ParityCase parity, ElementTypes types) {
        boolean isGeneric =
                parity.only().isPresent() || parity.inputs().stream().anyMatch(feed -> feed.type() == null);
        types.all().stream()
                .filter(type -> parity.only().map(only -> only.contains(type)).orElse(true))
                .filter(type -> !isGeneric || !RawOps.isSmall(type) || small.add(type))
                .limit(isGeneric ? Long.MAX_VALUE : 1)
                .forEach(type -> add(parity, type));
    }

    private void add(ParityCase parity, DataType type) {
        String prefix = "c" + instances.size() + ".";
        RawOps tf = new RawOps(graph, prefix, type);
        List<Output<?>> inputs = new ArrayList<>();
        for (ParityCase.Feed feed : parity.inputs()) {
            DataType own = feed.type() == null ? type : feed.type();
            inputs.add(input(tf, prefix + "x" + inputs.size(), own, feed));
        }
        List<Output<?>> outputs = readable(tf, parity.body().apply(tf, inputs));
        List<Output<?>> expected = parity.reference()
                .map(reference -> readable(tf, reference.apply(tf, inputs)))
                .orElse(outputs);
        instances.add(new Instance(parity, type, outputs, expected));
    }

    /** Outputs of types that can be fetched. */
    private static List<Output<?>> readable(RawOps tf, List<Output<?>> made) {
        List<Output<?>> outputs = new ArrayList<>();
        for (Output<?> output : made) {
            if (TensorFlowTypes.isComplex(output.dataType())) {
                outputs.add(tf.op("Real", output));
                outputs.add(tf.op("Imag", output));
            } else {
                outputs.add(
                        RawOps.isSmall(output.dataType()) && output.dataType() != DataType.DT_STRING
                                ? tf.cast(output, RawOps.carrier(output.dataType()))
                                : output);
            }
        }
        return outputs;
    }

    /** Complex and small types come from types that can be fed. */
    private Output<?> input(RawOps tf, String name, DataType type, ParityCase.Feed feed) {
        if (TensorFlowTypes.isComplex(type)) {
            return tf.op(
                    "Complex",
                    placeholder(tf, name + "re", part(type), feed),
                    placeholder(tf, name + "im", part(type), feed));
        }
        return RawOps.isSmall(type)
                ? tf.cast(placeholder(tf, name, RawOps.carrier(type), feed), type)
                : placeholder(tf, name, type, feed);
    }

    private Output<?> placeholder(RawOps tf, String name, DataType type, ParityCase.Feed feed) {
        placeholders.add(new Placeholder(name, type, feed));
        return tf.placeholder(name, type, feed.shape());
    }

    private static DataType part(DataType complex) {
        return complex == DataType.DT_COMPLEX64 ? DataType.DT_FLOAT : DataType.DT_DOUBLE;
    }

    List<Instance> instances() {
        return instances;
    }

    /** All outputs, instance by instance. */
    List<Output<?>> outputs() {
        List<Output<?>> outputs = new ArrayList<>();
        instances.forEach(instance -> outputs.addAll(instance.outputs()));
        return outputs;
    }

    /** The names of what TensorFlow is to compute. */
    List<String> expectedNames() {
        return instances.stream()
                .flatMap(instance -> instance.expected().stream())
                .map(RawOps::tensorName)
                .toList();
    }

    /** The names of the ops that fill lookup tables. */
    List<String> initializers() {
        List<String> names = new ArrayList<>();
        graph.operations().forEachRemaining(operation -> {
            if (operation.type().equals("InitializeTableV2") || operation.type().equals("LookupTableInsertV2")) {
                names.add(operation.name());
            }
        });
        return names;
    }

    /** The names of the placeholders. */
    List<String> inputs() {
        return placeholders.stream().map(Placeholder::name).toList();
    }

    /** What to feed into each placeholder. */
    Map<String, TensorData> sample(Random random, long batch) {
        Map<String, TensorData> feeds = new LinkedHashMap<>();
        for (Placeholder placeholder : placeholders) {
            OnnxType type = TensorFlowTypes.element(placeholder.type());
            feeds.put(placeholder.name(), placeholder.feed().sample(type, random, batch));
        }
        return feeds;
    }
}
