package io.portolan.exporter.comparison;

import io.portolan.graphs.training.Device;

/**
 * The machine that the figures were measured on.
 *
 * @param device that trained: cpu or gpu
 */
public record Machine(String system, String java, int cores, String device) {
    static Machine current(Device device) {
        return new Machine(
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                device.resolved().label());
    }
}
