package io.portolan.graphs.training;

import io.portolan.graphs.training.Replica.Share;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.ConfigProto;

/**
 * The copies of a model in data-parallel training. Each batch is divided among them, and their gradients are averaged, with the weight of their
 * shares: the result is the gradient of the whole batch, up to the order of its sums.
 */
final class Replicas implements AutoCloseable {
    private final List<Replica> replicas = new ArrayList<>();
    private final ExecutorService threads;

    /** @throws DeviceException if there are fewer devices */
    Replicas(TrainingGraph graph, Placement placement) {
        List<String> devices = placement.names();
        ConfigProto configuration = placement.configuration();
        threads = Executors.newFixedThreadPool(devices.size());
        try {
            devices.forEach(device -> replicas.add(new Replica(graph, device, configuration)));
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** Assigns all variables of all copies. */
    void load(Map<GraphVariable, float[]> values) {
        all(replica -> {
            replica.load(values);
            return null;
        });
    }

    /**
     * Loss, accuracy and gradients of a batch.
     *
     * @param shape of the images, the batch being its first axis
     */
    Share differentiate(Shape shape, float[] images, int[] classes) {
        int active = Math.min(replicas.size(), classes.length);
        int size = images.length / Math.max(1, classes.length);
        return average(all(replica -> {
            int index = replicas.indexOf(replica);
            if (index >= active) {
                return null;
            }
            int from = Math.toIntExact((long) classes.length * index / active);
            int to = Math.toIntExact((long) classes.length * (index + 1) / active);
            return replica.differentiate(
                    shape.tail().prepend(to - from),
                    Arrays.copyOfRange(images, from * size, to * size),
                    Arrays.copyOfRange(classes, from, to));
        }));
    }

    /** Averages in double, so that the order of the shares does not count. */
    private static Share average(List<Share> shares) {
        List<Share> given = shares.stream().filter(share -> share != null).toList();
        int samples = given.stream().mapToInt(Share::samples).sum();
        Map<String, float[]> gradients = new LinkedHashMap<>();
        given.get(0).gradients().forEach((path, first) -> {
            float[] mean = new float[first.length];
            for (int i = 0; i < mean.length; i++) {
                double sum = 0;
                for (Share share : given) {
                    sum += (double) share.gradients().get(path)[i] * share.samples();
                }
                mean[i] = (float) (sum / samples);
            }
            gradients.put(path, mean);
        });
        return new Share(
                samples,
                given.stream()
                                .mapToDouble(share -> share.loss() * share.samples())
                                .sum()
                        / samples,
                given.stream()
                                .mapToDouble(share -> share.accuracy() * share.samples())
                                .sum()
                        / samples,
                gradients);
    }

    /** Work of one copy. */
    @FunctionalInterface
    private interface Work<T> {
        T on(Replica replica);
    }

    private <T> List<T> all(Work<T> work) {
        List<CompletableFuture<T>> running = replicas.stream()
                .map(replica -> CompletableFuture.supplyAsync(() -> work.on(replica), threads))
                .toList();
        List<T> results = new ArrayList<>();
        running.forEach(one -> results.add(one.join()));
        return results;
    }

    @Override
    public void close() {
        threads.shutdown();
        replicas.forEach(Replica::close);
    }
}
