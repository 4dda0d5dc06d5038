package io.portolan.converter.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portolan.converter.ConversionOptions;
import io.portolan.converter.ConversionReport;
import io.portolan.converter.TensorFlowConverter;
import io.portolan.converter.lowering.ConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/** GraphDefs are cut at any tensor; what is left over from training does not matter. */
class GraphDefFilesTest {
    @TempDir
    private Path folder;

    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);

    private Placeholder<TFloat32> x(Shape shape) {
        return tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(shape));
    }

    private Path written(GraphDef definition) throws IOException {
        return Files.write(folder.resolve("graph.pb"), definition.toByteArray());
    }

    private ConversionReport convert(GraphDef definition, List<String> inputs, List<String> outputs)
            throws IOException {
        try (TensorFlowModel model = GraphDefFiles.open(written(definition), inputs, outputs)) {
            return convert(model);
        }
    }

    private ConversionReport convert(TensorFlowModel model) throws IOException {
        return new TensorFlowConverter()
                .convert(
                        model,
                        folder.resolve("model.onnx"),
                        ConversionOptions.defaults().replacing());
    }

    @Test
    void aCutMayBeAtAnyOutputOfAnyNode() throws Exception {
        var halves = tf.withName("halves").split(tf.constant(1), x(Shape.of(-1, 6)), 2L);
        tf.withName("y")
                .math
                .sub(
                        halves.output().get(1),
                        tf.withName("e").math.exp(halves.output().get(0)));
        GraphDef definition = graph.toGraphDef();
        ConversionReport second = convert(definition, List.of("halves:1", "x"), List.of("y"));
        assertThat(second.inputs()).containsOnlyKeys("halves:1", "x");
        assertThat(second.inputs()).containsEntry("halves:1", "FLOAT(batch, 3)");
        assertThat(second.operators()).containsKeys("Sub", "Exp");
        assertThat(convert(definition, List.of("halves:1", "e:0"), List.of("y:0"))
                        .operators())
                .containsOnlyKeys("Sub");
        assertThat(convert(definition, List.of("halves"), List.of("e", "halves:0"))
                        .outputs())
                .containsOnlyKeys("e", "halves_output");
    }

    @Test
    void whatComputesTheInputsNeedNotBeKnown() throws Exception {
        GraphDef.Builder definition = GraphDef.newBuilder();
        definition.addNode(NodeDef.newBuilder().setName("reader").setOp("NoSuchOp"));
        definition.addNode(NodeDef.newBuilder()
                .setName("parsed")
                .setOp("Identity")
                .addInput("reader:3")
                .putAttr("T", type(DataType.DT_FLOAT)));
        definition.addNode(NodeDef.newBuilder()
                .setName("y")
                .setOp("Exp")
                .addInput("parsed")
                .putAttr("T", type(DataType.DT_FLOAT)));
        try (TensorFlowModel model = GraphDefFiles.open(written(definition.build()), List.of("parsed"), List.of("y"))) {
            assertThat(convert(model.withShapes(Map.of("parsed", List.of(-1L, 2L))))
                            .inputs())
                    .containsEntry("parsed", "FLOAT(batch, 2)");
        }
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> GraphDefFiles.open(written(definition.build()), List.of("reader"), List.of("y")))
                .withMessageContaining("name a tensor behind it");
    }

    private static AttrValue type(DataType type) {
        return AttrValue.newBuilder().setType(type).build();
    }

    @Test
    void placeholdersThatNothingNeedsAreNoInputs() throws Exception {
        tf.withName("unused_control_flow_input").placeholder(TInt32.class);
        tf.withName("y").math.exp(x(Shape.of(-1, 2)));
        assertThat(convert(graph.toGraphDef(), List.of(), List.of()).inputs()).containsOnlyKeys("x");
    }

    @Test
    void outputsOfIteratorsAreInputs() throws Exception {
        var iterator = graph.baseScope()
                .opBuilder("IteratorV2", "iterator")
                .setAttr("shared_name", "")
                .setAttr("container", "")
                .setAttr("output_types", new DataType[] {DataType.DT_FLOAT, DataType.DT_INT32})
                .setAttr("output_shapes", new Shape[] {Shape.of(-1, 3), Shape.of(-1)})
                .build()
                .output(0);
        var next = graph.baseScope()
                .opBuilder("IteratorGetNext", "next")
                .addInput(iterator)
                .setAttr("output_types", new DataType[] {DataType.DT_FLOAT, DataType.DT_INT32})
                .setAttr("output_shapes", new Shape[] {Shape.of(-1, 3), Shape.of(-1)})
                .build();
        tf.withName("y").math.exp(next.output(0).expect(TFloat32.class));
        assertThat(convert(graph.toGraphDef(), List.of(), List.of()).inputs())
                .isEqualTo(Map.of("next", "FLOAT(batch, 3)"));
    }

    /** A tool that froze the variables may have left the nodes that assign to them, which take no constants. */
    @Test
    void assignmentsToConstantsAreLeftOut() throws Exception {
        tf.withName("y").math.mul(x(Shape.of(-1, 2)), tf.withName("variable").constant(3f));
        GraphDef.Builder definition = graph.toGraphDef().toBuilder();
        definition.addNode(NodeDef.newBuilder()
                .setName("variable/Assign")
                .setOp("Assign")
                .addInput("variable")
                .addInput("variable")
                .putAttr("T", type(DataType.DT_FLOAT)));
        assertThat(convert(definition.build(), List.of(), List.of()).operators())
                .containsOnlyKeys("Mul");
    }

    @Test
    void aGraphThatWritesFilesIsRefused() throws Exception {
        Path victim = folder.resolve("victim");
        var write = tf.withName("write").io.writeFile(tf.constant(victim.toString()), tf.constant("gone"));
        tf.withControlDependencies(write).withName("y").math.exp(x(Shape.of(-1, 2)));
        Path file = written(graph.toGraphDef());
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> GraphDefFiles.open(file, List.of(), List.of()))
                .withMessageContaining("Node write (WriteFile): it writes files or runs code");
        assertThat(victim).doesNotExist();
    }

    @Test
    void tablesAreFilled() throws Exception {
        var table = graph.baseScope()
                .opBuilder("HashTableV2", "table")
                .setAttr("key_dtype", DataType.DT_INT64)
                .setAttr("value_dtype", DataType.DT_INT64)
                .build()
                .output(0);
        graph.baseScope()
                .opBuilder("InitializeTableV2", "fill")
                .addInput(table)
                .addInput(tf.constant(new long[] {3, 5}).asOutput())
                .addInput(tf.constant(new long[] {30, 50}).asOutput())
                .build();
        var found = graph.baseScope()
                .opBuilder("LookupTableFindV2", "y")
                .addInput(table)
                .addInput(tf.withName("x")
                        .placeholder(TInt64.class, Placeholder.shape(Shape.of(-1)))
                        .asOutput())
                .addInput(tf.constant(-1L).asOutput())
                .build();
        assertThat(found.name()).isEqualTo("y");
        assertThat(convert(graph.toGraphDef(), List.of(), List.of("y")).parity())
                .hasSize(1);
    }

    @Test
    void anInputThatIsGivenAValueIsAConstant() throws Exception {
        var keep = tf.withName("keep").placeholder(TFloat32.class);
        var training = tf.withName("training").placeholder(TBool.class, Placeholder.shape(Shape.scalar()));
        var x = x(Shape.of(-1, 4));
        var random = tf.random.randomUniform(tf.shape(x), TFloat32.class);
        var mask = tf.math.floor(tf.math.add(keep, random));
        tf.withName("y").select(training, x, tf.math.mul(tf.math.div(x, keep), mask));
        try (TensorFlowModel model = GraphDefFiles.open(written(graph.toGraphDef()), List.of(), List.of("y"))) {
            TensorFlowModel fixed = model.withConstants(Map.of("keep", "1", "training", "false"))
                    .withNames(List.of("keep"), List.of());
            ConversionReport report = convert(fixed);
            assertThat(report.inputs()).containsOnlyKeys("keep");
            assertThat(report.parity()).hasSize(1);
            assertThat(report.operators()).doesNotContainKeys("Where", "Mul", "Floor");
            assertThatExceptionOfType(ConversionException.class)
                    .isThrownBy(() -> convert(model.withConstants(Map.of("keep", "0.5"))))
                    .withMessageContaining("random numbers differ in every runtime");
            assertRefused(model, Map.of("rate", "1"), "There is no input rate");
            assertRefused(model, Map.of("x", "1"), "it has open sizes");
            assertRefused(model, Map.of("keep", "one"), "cannot be the constant one");
            assertRefused(model, Map.of("training", "1e400"), "cannot be the constant 1e400");
        }
    }

    @Test
    void aConstantOfAHugeInputTakesNoMemory() throws Exception {
        var huge = tf.withName("huge").placeholder(TFloat32.class, Placeholder.shape(Shape.of(1L << 20, 1L << 20)));
        tf.withName("y").math.neg(huge);
        try (TensorFlowModel model = GraphDefFiles.open(written(graph.toGraphDef()), List.of(), List.of("y"))) {
            assertRefused(model, Map.of("huge", "1"), "it has more than 1048576 elements");
        }
    }

    private static void assertRefused(TensorFlowModel model, Map<String, String> constants, String message) {
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> model.withConstants(constants))
                .withMessageContaining(message);
    }

    @Test
    void aScalarIsGivenByAShapeWithoutSizes() throws Exception {
        tf.withName("y").math.exp(x(Shape.unknown()));
        try (TensorFlowModel model = GraphDefFiles.open(written(graph.toGraphDef()), List.of(), List.of())) {
            assertThat(convert(model.withShapes(Map.of("x", List.of()))).inputs())
                    .containsEntry("x", "FLOAT()");
        }
    }

    @Test
    void aTensorThatIsNotThereIsNamed() throws Exception {
        tf.withName("y").math.exp(x(Shape.of(-1, 2)));
        Path file = written(graph.toGraphDef());
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> GraphDefFiles.open(file, List.of(), List.of("z")))
                .withMessageContaining("no tensor z");
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> GraphDefFiles.open(file, List.of("w"), List.of("y")))
                .withMessageContaining("no tensor w");
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> GraphDefFiles.open(file, List.of(), List.of("y:1")))
                .withMessageContaining("no tensor y:1");
    }
}
