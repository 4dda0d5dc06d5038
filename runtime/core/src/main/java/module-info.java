/** ONNX inference for people who deploy: ONNX Runtime and images, nothing else. */
@SuppressWarnings("requires-automatic") // ONNX Runtime's jar gives its module a name, but no descriptor.
module io.portolan.runtime {
    requires transitive io.portolan.images;
    // Classifiers take its pictures.
    requires transitive java.desktop;
    requires com.microsoft.onnxruntime;
    // Measures how long a start took.
    requires java.management;

    exports io.portolan.runtime;
    exports io.portolan.runtime.bench;
}
