package io.portolan.converter.source;

import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.tensorflow.TensorName;
import io.portolan.converter.verify.TensorRuns;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.proto.DataType;

/**
 * How a session computes the outputs of a model.
 *
 * @param session runs the original graph
 * @param feeds what is fed for each input, by ONNX name
 * @param fixed what is always fed, by tensor
 * @param fetches what is fetched, in the order of the outputs
 */
record SessionRun(Session session, Map<String, Port> feeds, Map<String, TensorData> fixed, List<Port> fetches) {
    /**
     * A tensor of the session's graph.
     *
     * @param tensor {@code node} or {@code node:1}
     * @param type the element type of the input or output that it stands for; {@link Carriers} may carry it
     * @param isChannelsFirst whether the input or output is (N,C,…), though the tensor is (N,…,C)
     */
    record Port(String tensor, DataType type, boolean isChannelsFirst) {
        Port(String tensor, DataType type) {
            this(tensor, type, false);
        }

        private Port channelsFirst() {
            return new Port(tensor, type, true);
        }

        private TensorData fed(TensorData input) {
            return Carriers.fed(isChannelsFirst ? ChannelsFirst.last(input) : input, type);
        }

        private TensorData fetched(TensorData result) {
            TensorData output = Carriers.fetched(result, type);
            return isChannelsFirst ? ChannelsFirst.first(output) : output;
        }
    }

    /** A run that fetches outputs, named as in the session's graph. */
    static SessionRun of(Session session, Map<String, Port> feeds, Iterable<String> outputs) {
        return new SessionRun(session, feeds, Map.of(), fetches(outputs, feeds.values(), session.graph()));
    }

    /**
     * The fetches of outputs. An op is added to the session's graph for each that cannot be fetched as it is: TensorFlow refuses to fetch what
     * is fed.
     */
    private static List<Port> fetches(Iterable<String> outputs, Collection<Port> feeds, Graph graph) {
        Set<TensorName> fed =
                feeds.stream().map(feed -> TensorName.parse(feed.tensor())).collect(Collectors.toSet());
        List<Port> fetches = new ArrayList<>();
        for (String output : outputs) {
            TensorName name = TensorName.parse(output);
            Output<?> tensor = graph.operationOrThrow(name.node()).output(name.index());
            Output<?> fetched = Carriers.fetch(fed.contains(name) ? identity(tensor, graph) : tensor, graph);
            fetches.add(new Port(fetched.op().name() + ":" + fetched.index(), tensor.dataType()));
        }
        return fetches;
    }

    private static Output<?> identity(Output<?> tensor, Graph graph) {
        return graph.baseScope()
                .opBuilder("Identity", "portolan_identity")
                .addInput(tensor)
                .build()
                .output(0);
    }

    /** A copy with some inputs and outputs, by name and by place, channels-first. */
    SessionRun withChannelsFirst(Collection<String> inputs, Collection<Integer> outputs) {
        Map<String, Port> given = new LinkedHashMap<>();
        feeds.forEach((name, feed) -> given.put(name, inputs.contains(name) ? feed.channelsFirst() : feed));
        List<Port> results = new ArrayList<>();
        for (int i = 0; i < fetches.size(); i++) {
            results.add(outputs.contains(i) ? fetches.get(i).channelsFirst() : fetches.get(i));
        }
        return new SessionRun(session, given, fixed, results);
    }

    /** A copy with other names of inputs. */
    SessionRun withNames(UnaryOperator<String> renamed) {
        Map<String, Port> given = new LinkedHashMap<>();
        feeds.forEach((name, feed) -> given.put(renamed.apply(name), feed));
        return new SessionRun(session, given, fixed, fetches);
    }

    /** A copy in which some inputs, by name, always have a value. */
    SessionRun withFixed(Map<String, TensorData> values) {
        Map<String, Port> given = new LinkedHashMap<>(feeds);
        Map<String, TensorData> always = new LinkedHashMap<>(fixed);
        values.forEach((name, value) -> {
            Port feed = given.remove(name);
            always.put(feed.tensor(), feed.fed(value));
        });
        return new SessionRun(session, given, always, fetches);
    }

    /** Whether inputs of a type can be fed. */
    boolean takes(OnnxType type) {
        return TensorRuns.knows(type) || feeds.values().stream().anyMatch(feed -> Carriers.carries(feed.type(), type));
    }

    /**
     * Runs the session.
     *
     * @param inputs by ONNX name; complex ones as pairs
     */
    List<TensorData> run(Map<String, TensorData> inputs) {
        Map<String, TensorData> given = new LinkedHashMap<>(fixed);
        feeds.forEach((name, feed) -> given.put(feed.tensor(), feed.fed(inputs.get(name))));
        List<TensorData> results = TensorRuns.tensorFlow(
                session, fetches.stream().map(Port::tensor).toList(), given);
        List<TensorData> outputs = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            outputs.add(fetches.get(i).fetched(results.get(i)));
        }
        return outputs;
    }
}
