package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Path;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

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

    /** What the HTTP server runs on is optional: who embeds the runtime gets ONNX Runtime alone. */
    @Test
    void bringsOnnxRuntimeAlone() throws Exception {
        NodeList dependencies = (NodeList) XPathFactory.newInstance().newXPath().evaluate(
                "/*/*[name() = 'dependencies']/*[not(*[name() = 'optional' and . = 'true'] or *[name() = 'scope' and . = 'test']"
                        + " or *[name() = 'type' and . = 'test-jar'])]/*[name() = 'groupId']",
                new InputSource(Path.of("pom.xml").toUri().toString()), XPathConstants.NODESET);
        assertThat(dependencies.getLength()).isEqualTo(1);
        assertThat(dependencies.item(0).getTextContent()).isEqualTo("com.microsoft.onnxruntime");
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.tensorflow.TensorFlow", "org.tensorflow.Graph", "org.tensorflow.internal.c_api.TF_Graph"})
    void loadsNoTensorFlowClass(String name) {
        assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
    }
}
