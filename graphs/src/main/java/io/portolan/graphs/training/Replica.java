package io.portolan.graphs.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;

/**
 * A copy of a training graph on one device, which computes loss and gradients of a share of a batch. The nodes of gradients have no device of their own
 * when TensorFlow adds them, and would all run on the first; so the graph is copied with the device in every node.
 */
final class Replica implements AutoCloseable {
    private final TrainingGraph original;
    private final Graph graph = new Graph();
    private final Session session;

    /**
     * @param device its name in TensorFlow
     */
    Replica(TrainingGraph original, String device, ConfigProto configuration) {
        this.original = original;
        try {
            GraphDef.Builder placed = original.graph().toGraphDef().toBuilder();
            placed.getNodeBuilderList().forEach(node -> node.setDevice(device));
            graph.importGraphDef(placed.build());
            this.session = new Session(graph, configuration);
        } catch (RuntimeException failure) {
            graph.close();
            throw failure;
        }
    }

    /**
     * What a share of a batch gives.
     *
     * @param samples number of samples in the share
     * @param loss mean over them
     * @param accuracy share of them whose verdict is right
     * @param gradients of the loss, by the path of the parameter
     */
    record Share(int samples, double loss, double accuracy, Map<String, float[]> gradients) {}

    /** Assigns all variables. */
    void load(Map<GraphVariable, float[]> values) {
        GraphVariable.load(session, values);
    }

    /**
     * Computes loss and gradients.
     *
     * @param shape of the images
     */
    Share differentiate(Shape shape, float[] images, int[] classes) {
        Session.Runner runner = session.runner();
        try (Feeds feeds = new Feeds(runner)) {
            feeds.floats(original.images, shape, images);
            feeds.integers(original.labels, classes);
            runner.fetch(Feeds.name(original.objective.loss())).fetch(Feeds.name(original.objective.accuracy()));
            List<String> paths = new ArrayList<>(original.gradients.keySet());
            paths.forEach(path -> runner.fetch(Feeds.name(original.gradients.get(path))));
            try (Result result = runner.run()) {
                Map<String, float[]> gradients = new LinkedHashMap<>();
                for (int i = 0; i < paths.size(); i++) {
                    gradients.put(paths.get(i), TrainingSession.floats(result.get(2 + i)));
                }
                return new Share(
                        classes.length,
                        TrainingSession.scalar(result.get(0)),
                        TrainingSession.scalar(result.get(1)),
                        gradients);
            }
        }
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }
}
