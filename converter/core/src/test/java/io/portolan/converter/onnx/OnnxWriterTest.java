package io.portolan.converter.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl;
import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.FourierOp;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OnnxWriterTest {
    private final OnnxGraph graph = new OnnxGraph("test");
    private final GraphBuilder b = new GraphBuilder(graph);
    private final Value x =
            graph.addInput("x", new TensorType(OnnxType.FLOAT, TensorShape.of(Dim.symbol("batch"), Dim.of(2))));

    @Test
    void theModelSaysWhatItIs() {
        graph.bindOutput("y", b.neg(x));
        OnnxMl.ModelProto model = OnnxWriter.write(graph, Map.of("license", "Apache-2.0"));
        assertThat(model.getIrVersion()).isEqualTo(8);
        assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(18);
        assertThat(model.getProducerName()).isEqualTo("portolan");
        assertThat(model.getMetadataProps(0).getKey()).isEqualTo("license");
        assertThat(model.getGraph()
                        .getInput(0)
                        .getType()
                        .getTensorType()
                        .getShape()
                        .getDim(0)
                        .getDimParam())
                .isEqualTo("batch");
    }

    @Test
    void constantsAreLittleEndianAndEveryIntermediateIsTyped() {
        Value sum = b.add(x, b.constant(TensorData.of(new float[] {1, -2}, 2), "bias"));
        graph.bindOutput("y", b.neg(sum));
        OnnxMl.GraphProto written = OnnxWriter.write(graph, Map.of()).getGraph();
        assertThat(written.getInitializer(0).getName()).isEqualTo("bias");
        assertThat(written.getInitializer(0).getRawData().toByteArray())
                .containsExactly(0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0xc0);
        assertThat(written.getValueInfoList())
                .extracting(OnnxMl.ValueInfoProto::getName)
                .containsExactly(sum.name());
    }

    @Test
    void outputsThatAreNotComputedOrComputedOnceForTwoNamesAreCopies() throws IOException {
        Value y = b.neg(x);
        graph.bindOutput("first", y);
        graph.bindOutput("second", y);
        graph.bindOutput("passed", x);
        OnnxMl.ModelProto model = OnnxWriter.write(graph, Map.of());
        assertThat(model.getGraph().getNodeList())
                .extracting(OnnxMl.NodeProto::getOpType)
                .containsExactly("Neg", "Identity", "Identity");
        assertThat(model.getGraph().getOutputList())
                .extracting(OnnxMl.ValueInfoProto::getName)
                .containsExactly("first", "second", "passed");
        ModelChecker.check(model.toByteArray(), Opset.DEFAULT);
    }

    @Test
    void operatorsThatOnnxDoesNotKnowAreNotWritten() {
        graph.bindOutput("y", b.node(FourierOp.RFFT, Attributes.NONE, x).get(0));
        assertThatIllegalStateException()
                .isThrownBy(() -> OnnxWriter.write(graph, Map.of()))
                .withMessageContaining("portolan.RFFT");
    }

    @Test
    void theCheckerRefusesAWrongModelInItsOwnWords() {
        assumeTrue(ModelChecker.isAvailable(), "no ONNX checker for this machine");
        graph.bindOutput("y", b.matMul(x, b.constant(TensorData.of(new float[6], 2, 3))));
        OnnxMl.ModelProto.Builder model = OnnxWriter.write(graph, Map.of()).toBuilder();
        model.getGraphBuilder()
                .getOutputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(1)
                .setDimValue(5);
        byte[] wrong = model.build().toByteArray();
        assertThatExceptionOfType(InvalidModelException.class)
                .isThrownBy(() -> ModelChecker.check(wrong, Opset.DEFAULT))
                .withMessageContaining("(3) vs (5)");
    }

    @Test
    void axesOfReductionsAreWrittenAsTheOpsetHasThem() throws IOException {
        graph.bindOutput("y", b.reduce(StandardOp.REDUCE_MAX, x, false, 1));
        OnnxMl.GraphProto old = OnnxWriter.write(graph, Map.of(), new Opset(17)).getGraph();
        assertThat(old.getNode(0).getInputCount()).isEqualTo(1);
        assertThat(old.getNode(0).getAttribute(0).getName()).isEqualTo("axes");
        assertThat(old.getNode(0).getAttribute(0).getIntsList()).containsExactly(1L);
        assertThat(old.getInitializerCount()).isZero();
        OnnxMl.GraphProto today =
                OnnxWriter.write(graph, Map.of(), new Opset(18)).getGraph();
        assertThat(today.getNode(0).getInputCount()).isEqualTo(2);
        assertThat(today.getInitializerCount()).isEqualTo(1);
    }

    @Test
    void everyOpsetHasItsFileFormat() {
        graph.bindOutput("y", b.neg(x));
        assertThat(Opset.all()
                        .map(opset -> OnnxWriter.write(graph, Map.of(), opset).getIrVersion()))
                .containsExactly(7L, 7L, 8L, 8L, 8L, 8L, 9L, 9L, 10L, 10L, 11L);
    }

    @Test
    void allOperatorsThatAreTooNewAreNamedAtOnce() {
        Value integers = b.cast(x, OnnxType.INT32);
        Value both = b.apply(StandardOp.BITWISE_AND, integers, b.apply(StandardOp.BITWISE_NOT, integers));
        graph.bindOutput(
                "y",
                b.apply(
                        StandardOp.SCATTER_ND,
                        Attributes.of("reduction", "add"),
                        both,
                        b.constant(TensorData.ofLongs(0).reshaped(1, 1)),
                        b.constant(TensorData.ofDoubles(OnnxType.INT32, new double[2], 1, 2))));
        assertThatExceptionOfType(OpsetException.class)
                .isThrownBy(() -> OnnxWriter.write(graph, Map.of(), new Opset(15)))
                .withMessageContaining("BitwiseAnd at BitwiseAnd needs opset 18")
                .withMessageContaining("BitwiseNot at BitwiseNot needs opset 18")
                .withMessageContaining("ScatterND at ScatterND needs opset 16")
                .satisfies(refused -> assertThat(refused.neededOpset()).isEqualTo(18));
    }

    @Test
    void theCheckerSaysThatAnOpsetIsTooNewForIt() throws IOException {
        assumeTrue(ModelChecker.isAvailable(), "no ONNX checker for this machine");
        graph.bindOutput("y", b.neg(x));
        Opset newest = new Opset(Opset.NEWEST);
        byte[] model = OnnxWriter.write(graph, Map.of(), newest).toByteArray();
        assertThat(ModelChecker.check(model, newest)).isEqualTo(ModelChecker.Result.TOO_NEW);
    }
}
