package io.portolan.converter.source;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.portolan.converter.lowering.ConversionException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

class OwnFilesTest {
    @TempDir
    private Path folder;

    private NodeDef.Builder path(String name) {
        TensorProto.Builder text = TensorProto.newBuilder().addStringVal(ByteString.copyFromUtf8(folder.toString()));
        return NodeDef.newBuilder()
                .setName(name)
                .setOp("Const")
                .putAttr("value", AttrValue.newBuilder().setTensor(text).build());
    }

    private static NodeDef.Builder reader() {
        return NodeDef.newBuilder().setName("fill").setOp("InitializeTableFromTextFileV2");
    }

    @Test
    void onlyAssetsMayBeRead() {
        GraphDef graph =
                GraphDef.newBuilder().addNode(path("words")).addNode(reader()).build();
        assertThatCode(() -> OwnFiles.require(graph, Set.of("words:0"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> OwnFiles.require(graph, Set.of()))
                .isInstanceOf(ConversionException.class)
                .hasMessageContainingAll("words", "assets");
    }

    @Test
    void functionsAreReadToo() {
        GraphDef.Builder graph = GraphDef.newBuilder();
        graph.getLibraryBuilder()
                .addFunction(FunctionDef.newBuilder().addNodeDef(path("words")).addNodeDef(reader()));
        assertThatThrownBy(() -> OwnFiles.require(graph.build(), Set.of("words:0")))
                .isInstanceOf(ConversionException.class);
    }

    @Test
    void aGraphThatReadsNothingMayNameFiles() {
        GraphDef graph = GraphDef.newBuilder().addNode(path("words")).build();
        assertThatCode(() -> OwnFiles.require(graph, Set.of())).doesNotThrowAnyException();
    }
}
