package io.portolan.graphs.attribution;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The gradients of a class's logit by the weights of the cells.
 *
 * @param mechanisms by path, such as {@code cssm_0/alpha}
 * @param kernels the gradient by each spatial kernel, by path, averaged over its channels
 */
public record MechanismGradients(Map<String, Mechanism> mechanisms, Map<String, Plane> kernels) {

    /**
     * A gate, kernel or projection.
     *
     * @param mean {@code |∂logit/∂weight|}, averaged over all of its weights, kernel and bias together
     * @param ofKernel the same, averaged over its kernel only
     */
    public record Mechanism(double mean, double ofKernel) {}

    /** The mean over samples. */
    public static MechanismGradients mean(List<MechanismGradients> samples) {
        Map<String, Mechanism> mechanisms = new LinkedHashMap<>();
        samples.get(0)
                .mechanisms
                .keySet()
                .forEach(path -> mechanisms.put(
                        path,
                        new Mechanism(
                                samples.stream()
                                        .mapToDouble(sample -> sample.mechanisms.get(path).mean)
                                        .average()
                                        .orElseThrow(),
                                samples.stream()
                                        .mapToDouble(sample -> sample.mechanisms.get(path).ofKernel)
                                        .average()
                                        .orElseThrow())));
        Map<String, Plane> kernels = new LinkedHashMap<>();
        samples.get(0)
                .kernels
                .keySet()
                .forEach(path -> kernels.put(
                        path,
                        Plane.mean(samples.stream()
                                .map(sample -> sample.kernels.get(path))
                                .toList())));
        return new MechanismGradients(mechanisms, kernels);
    }

    /**
     * @param gradients by parameter path
     * @param modules the paths of the modules; an array directly below one is a mechanism by itself
     * @param kernel the mean over channels of the gradient by a spatial kernel; empty for other arrays
     */
    static MechanismGradients of(
            Map<String, float[]> gradients,
            Collection<String> modules,
            BiFunction<String, float[], Optional<Plane>> kernel) {
        Map<String, List<String>> parts = new LinkedHashMap<>();
        Map<String, Plane> kernels = new LinkedHashMap<>();
        gradients.forEach((path, gradient) -> {
            parts.computeIfAbsent(mechanism(path, modules), missing -> new ArrayList<>())
                    .add(path);
            kernel.apply(path, gradient).ifPresent(plane -> kernels.put(path, plane));
        });
        Map<String, Mechanism> mechanisms = new LinkedHashMap<>();
        parts.forEach((mechanism, paths) -> {
            List<String> kernelOnly =
                    paths.stream().filter(path -> !path.endsWith("/bias")).toList();
            mechanisms.put(mechanism, new Mechanism(mean(gradients, paths), mean(gradients, kernelOnly)));
        });
        return new MechanismGradients(mechanisms, kernels);
    }

    /** The arrays of a layer are one mechanism; an array directly below its module, such as a spatial kernel, is one by itself. */
    private static String mechanism(String path, Collection<String> modules) {
        int slash = path.lastIndexOf('/');
        return slash < 0 || modules.contains(path.substring(0, slash)) ? path : path.substring(0, slash);
    }

    private static double mean(Map<String, float[]> gradients, List<String> paths) {
        double sum = 0;
        long count = 0;
        for (String path : paths) {
            for (float gradient : gradients.get(path)) {
                sum += Math.abs(gradient);
            }
            count += gradients.get(path).length;
        }
        return sum / count;
    }
}
