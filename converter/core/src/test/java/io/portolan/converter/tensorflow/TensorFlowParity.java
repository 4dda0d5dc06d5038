package io.portolan.converter.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.onnx.proto.OnnxMl;
import io.portolan.converter.PassPipeline;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.onnx.ModelChecker;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.onnx.OpsetException;
import io.portolan.converter.source.TensorFlowModel;
import io.portolan.converter.tensorflow.handlers.StandardHandlers;
import io.portolan.converter.verify.TensorRuns;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.RewriterConfig;

/** Runs TensorFlow graphs and their conversions on the same inputs. */
final class TensorFlowParity {
    private static final long BATCH = 3;
    /** How much finer doubles are than floats: 2^-53 to 2^-24. */
    private static final double DOUBLE_TO_FLOAT = 0x1p-29;

    /** As many units in the last place of types of 16 bits, which are fetched as floats: 16. */
    private static final Map<DataType, Double> HALF_ROUNDINGS =
            Map.of(DataType.DT_HALF, 0x1p-7, DataType.DT_BFLOAT16, 0x1p-4);

    private static final int[] OPSETS_BETWEEN = {14, 15, 16, 17, 19, 20, 21, 22};

    /** TensorFlow's optimiser would fuse ops, and then not find outputs that are fetched; and ops without kernels are not fetched. */
    private static final ConfigProto AS_IT_STANDS = ConfigProto.newBuilder()
            .setGraphOptions(GraphOptions.newBuilder()
                    .setPlacePrunedGraph(true)
                    .setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(true)))
            .build();

    private TensorFlowParity() {}

    /**
     * Runs all cases of an op with all its element types, in opset 18, in the oldest that it has, in the newest, and in one in
     * between; has ONNX's own checker look at each; and compares outputs with TensorFlow's and all values with their declared types.
     *
     * @param turn which of the opsets in between
     * @return the element types with which the op has been in one of the graphs
     */
    static Set<DataType> check(OpDefinition definition, List<ParityCase> cases, int turn) throws IOException {
        try (Graph graph = new Graph();
                Session session = new Session(graph, AS_IT_STANDS)) {
            ParityBatch batch = new ParityBatch(graph);
            cases.forEach(parity -> batch.add(parity, definition.types()));
            GraphDef graphDef = initialized(session, batch);
            OnnxGraph imported = convert(graphDef, batch.inputs(), batch.outputs());
            Map<Opset, OnnxMl.ModelProto> models = new LinkedHashMap<>();
            for (int version : opsets(definition, turn)) {
                Opset opset = new Opset(version);
                models.put(opset, OnnxWriter.write(imported, Map.of(), opset));
                ModelChecker.check(models.get(opset).toByteArray(), opset);
            }
            // SavedModels leave out attributes that have their default value.
            OnnxGraph stripped = convert(TensorFlowOps.withoutDefaults(graphDef), batch.inputs(), batch.outputs());
            Opset newest = new Opset(Opset.NEWEST);
            assertThat(OnnxWriter.write(stripped, Map.of(), newest))
                    .as("the model of a graph without default attributes")
                    .isEqualTo(models.get(newest));
            if (definition.facts().since() > Opset.OLDEST) {
                assertThatExceptionOfType(OpsetException.class)
                        .isThrownBy(() -> OnnxWriter.write(
                                imported, Map.of(), new Opset(definition.facts().since() - 1)));
            }
            Random random = new Random(definition.name().hashCode());
            Map<String, TensorData> feeds = batch.sample(random, BATCH);
            List<TensorData> expected = TensorRuns.tensorFlow(session, batch.expectedNames(), feeds);
            models.forEach((opset, model) -> compare(
                    opset.toString(),
                    batch.instances(),
                    definition,
                    expected,
                    TensorRuns.onnx(model.toByteArray(), feeds)));
            OnnxMl.ModelProto oldest = models.values().iterator().next();
            DeclaredTypes.check(oldest, feeds, BATCH);
            // A batch of one, as a size of 1 could mistakenly be broadcast, or taken away.
            Map<String, TensorData> single = batch.sample(random, 1);
            compare(
                    "batch 1",
                    batch.instances(),
                    definition,
                    TensorRuns.tensorFlow(session, batch.expectedNames(), single),
                    TensorRuns.onnx(oldest.toByteArray(), single));
            return typesOf(definition, graphDef);
        }
    }

    /** The graph of a session; if it has lookup tables, with what these hold. */
    private static GraphDef initialized(Session session, ParityBatch batch) {
        List<String> initializers = batch.initializers();
        if (initializers.isEmpty()) {
            return session.graph().toGraphDef();
        }
        Session.Runner runner = session.runner();
        initializers.forEach(runner::addTarget);
        runner.run().close();
        Map<String, String> inputs = new LinkedHashMap<>();
        batch.inputs().forEach(input -> inputs.put(input, input));
        Map<String, String> outputs = new LinkedHashMap<>();
        batch.outputs().forEach(output -> outputs.put(RawOps.tensorName(output), "y" + outputs.size()));
        return TensorFlowModel.of(session, inputs, outputs).graph();
    }

    private static Set<Integer> opsets(OpDefinition definition, int turn) {
        Set<Integer> opsets = new TreeSet<>(List.of(
                definition.facts().since(),
                Opset.NEWEST,
                Math.max(18, definition.facts().since())));
        opsets.add(Math.max(
                OPSETS_BETWEEN[turn % OPSETS_BETWEEN.length], definition.facts().since()));
        return opsets;
    }

    /** With which element types an op stands in a graph. */
    private static Set<DataType> typesOf(OpDefinition definition, GraphDef graph) {
        Set<DataType> types = EnumSet.noneOf(DataType.class);
        for (NodeDef node : graph.getNodeList()) {
            if (node.getOp().equals(definition.name())) {
                AttrValue type =
                        node.getAttrOrDefault(definition.facts().typeAttribute(), AttrValue.getDefaultInstance());
                boolean isList = type.getList().getTypeCount() > 0;
                types.addAll(
                        definition.facts().typeAttribute().isEmpty()
                                ? definition.types().all()
                                : isList ? type.getList().getTypeList() : List.of(type.getType()));
            }
        }
        return types;
    }

    private static void compare(
            String run,
            List<ParityBatch.Instance> instances,
            OpDefinition definition,
            List<TensorData> expected,
            List<TensorData> actual) {
        Iterator<TensorData> wanted = expected.iterator();
        Iterator<TensorData> had = actual.iterator();
        for (ParityBatch.Instance instance : instances) {
            for (int i = 0; i < instance.outputs().size(); i++) {
                TensorData want = wanted.next();
                assertSame(
                        instance + ", " + run + ", output " + i,
                        want,
                        had.next(),
                        tolerance(definition, instance, want.type()));
            }
        }
    }

    private static double tolerance(OpDefinition definition, ParityBatch.Instance instance, OnnxType type) {
        double tolerance =
                HALF_ROUNDINGS.getOrDefault(instance.type(), instance.parity().tolerance());
        return switch (type) {
            case FLOAT -> tolerance;
            case DOUBLE -> tolerance * (definition.facts().isSingle() ? 1 : DOUBLE_TO_FLOAT);
            default -> 0;
        };
    }

    /** The graph with outputs {@code y0}, {@code y1}, ..., after all passes. */
    static OnnxGraph convert(GraphDef definition, List<String> inputs, List<Output<?>> outputs) {
        Map<String, String> names = new LinkedHashMap<>();
        inputs.forEach(input -> names.put(input, input));
        Map<String, String> results = new LinkedHashMap<>();
        for (Output<?> output : outputs) {
            results.put(output.op().name() + ":" + output.index(), "y" + results.size());
        }
        OnnxGraph graph = new TensorFlowImporter(StandardHandlers.registry()).importGraph(definition, names, results);
        PassPipeline.standard().run(graph);
        return graph;
    }

    static void assertSame(String what, TensorData expected, TensorData actual, double tolerance) {
        assertThat(actual.type()).as("%s: element type", what).isEqualTo(expected.type());
        assertThat(actual.shape()).as("%s: shape", what).isEqualTo(expected.shape());
        if (expected.type() == OnnxType.STRING) {
            assertThat(actual.texts()).as(what).isEqualTo(expected.texts());
            return;
        }
        double[] want = expected.doubles();
        double[] have = actual.doubles();
        for (int i = 0; i < want.length; i++) {
            boolean same = Double.compare(want[i], have[i]) == 0
                    || Math.abs(want[i] - have[i]) <= tolerance * Math.max(1, Math.abs(want[i]));
            if (!same) {
                throw new AssertionError("%s: element %d is %s, expected %s".formatted(what, i, have[i], want[i]));
            }
        }
    }
}
