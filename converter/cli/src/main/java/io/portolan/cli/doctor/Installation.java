package io.portolan.cli.doctor;

import io.portolan.runtime.OnnxModel;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.onnx.global.onnx;
import org.tensorflow.TensorFlow;

/** The libraries that Portolan runs on, as a report of a fault must name them. */
public final class Installation {
    private Installation() {}

    /**
     * A part of the installation.
     *
     * @param found its version, or why it cannot be used
     */
    public record Component(String name, String found) {
        @Override
        public String toString() {
            return "%-13s %s".formatted(name, found);
        }
    }

    /** Every component; loads the native libraries. */
    public static List<Component> components() {
        return List.of(
                new Component("Java", property("java.version") + " (" + property("java.vendor") + ")"),
                new Component(
                        "system", property("os.name") + " " + property("os.version") + ", " + property("os.arch")),
                new Component("TensorFlow", loaded(TensorFlow::version)),
                new Component("ONNX Runtime", loaded(OnnxModel::runtimeVersion)),
                new Component("ONNX checker", version(onnx.class)),
                new Component("CUDA", CudaDriver.version().orElse("no driver")));
    }

    /** The first cause of a failure, in one line. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof LinkageError || cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private static String loaded(Supplier<String> library) {
        try {
            return library.get();
        } catch (Exception | LinkageError unusable) {
            return "cannot be loaded: " + reason(unusable);
        }
    }

    private static String version(Class<?> library) {
        return Optional.ofNullable(library.getPackage().getImplementationVersion())
                .orElse("of unknown version");
    }

    private static String property(String name) {
        return System.getProperty(name);
    }
}
