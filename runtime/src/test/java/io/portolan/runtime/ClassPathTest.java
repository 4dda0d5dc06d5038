package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Those who deploy a model carry no TensorFlow with it. */
class ClassPathTest {
    @Test
    void holdsNoTensorFlowJar() {
        // File names only: the checkout itself may lie in a folder of any name.
        assertThat(System.getProperty("java.class.path").split(File.pathSeparator))
                .extracting(entry -> Path.of(entry).getFileName().toString())
                .anyMatch(name -> name.startsWith("onnxruntime"))
                .noneMatch(name -> name.contains("tensorflow"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.tensorflow.TensorFlow", "org.tensorflow.Graph", "org.tensorflow.internal.c_api.TF_Graph"})
    void loadsNoTensorFlowClass(String name) {
        assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
    }
}
