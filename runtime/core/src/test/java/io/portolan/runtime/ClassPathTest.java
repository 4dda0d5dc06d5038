package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Those who deploy a model carry no TensorFlow with it. */
class ClassPathTest {
    /** What comes with the runtime, itself left out. */
    static final List<String> DEPENDENCIES = List.of("portolan-images", "onnxruntime");

    @Test
    void holdsNoTensorFlowJar() {
        // File names only: the checkout itself may lie in a folder of any name.
        assertThat(System.getProperty("java.class.path").split(File.pathSeparator))
                .extracting(entry -> Path.of(entry).getFileName().toString())
                .anyMatch(name -> name.startsWith("onnxruntime"))
                .noneMatch(name -> name.contains("tensorflow"));
    }

    /** ONNX Runtime, and images, which bring nothing. */
    @Test
    void bringsOnnxRuntimeAndImagesAlone() throws Exception {
        assertThat(dependencies(Path.of("pom.xml"))).isEqualTo(DEPENDENCIES);
        assertThat(dependencies(Path.of("..", "images", "pom.xml"))).isEmpty();
    }

    /** Artifact ids of what comes with a module where it is used. */
    private static List<String> dependencies(Path pom) throws Exception {
        List<String> onlyTested = artifacts(
                Path.of("..", "..", "pom.xml"),
                "//*[name() = 'dependencyManagement']//*[*[name() = 'scope' and . = 'test'] and not(*[name() = 'type'])]");
        List<String> dependencies = new ArrayList<>(
                artifacts(
                        pom,
                        "/*/*[name() = 'dependencies']/*[not(*[name() = 'scope' and . = 'test'] or *[name() = 'type' and . = 'test-jar'])]"));
        dependencies.removeAll(onlyTested);
        return dependencies;
    }

    private static List<String> artifacts(Path pom, String dependencies) throws Exception {
        NodeList nodes = (NodeList) XPathFactory.newInstance()
                .newXPath()
                .evaluate(
                        dependencies + "/*[name() = 'artifactId']",
                        new InputSource(pom.toUri().toString()),
                        XPathConstants.NODESET);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> nodes.item(i).getTextContent())
                .map(artifact -> artifact.replace("${onnxruntime.artifact}", "onnxruntime"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"org.tensorflow.TensorFlow", "org.tensorflow.Graph", "org.tensorflow.internal.c_api.TF_Graph"})
    void loadsNoTensorFlowClass(String name) {
        assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
    }
}
