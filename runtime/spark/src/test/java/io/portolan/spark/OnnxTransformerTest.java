package io.portolan.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.portolan.runtime.TinyModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkException;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.Seq;

/** Columns to tensors and back. */
class OnnxTransformerTest {
    private static SparkSession spark;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        spark = LocalSpark.inProcess();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @Test
    void numbersArraysAndVectorsBecomeTensors() {
        String model = negation(TensorProto.DataType.FLOAT, TinyModels.OPEN, 2);
        assertThat(negated(
                        model, DataTypes.createArrayType(DataTypes.DoubleType), new double[] {1, 2}, new double[] {3, 4
                        }))
                .hasToString("[[-1.0, -2.0], [-3.0, -4.0]]");
        assertThat(negated(model, DataTypes.createArrayType(DataTypes.IntegerType), new int[] {1, 2}))
                .hasToString("[[-1.0, -2.0]]");
        assertThat(negated(
                        model,
                        SQLDataTypes.VectorType(),
                        Vectors.dense(5, 6),
                        Vectors.sparse(2, new int[] {1}, new double[] {7})))
                .hasToString("[[-5.0, -6.0], [-0.0, -7.0]]");
        assertThat(negated(negation(TensorProto.DataType.FLOAT, TinyModels.OPEN), DataTypes.FloatType, 1f, 2f, 3f))
                .hasToString("[-1.0, -2.0, -3.0]");
    }

    @Test
    void flatArraysAndBytesHaveTheShapeOfTheModel() {
        String model = negation(TensorProto.DataType.FLOAT, TinyModels.OPEN, 2, TinyModels.OPEN);
        assertThat(negated(model, DataTypes.createArrayType(DataTypes.FloatType), new float[] {1, 2, 3, 4}))
                .hasToString("[[[-1.0, -2.0], [-3.0, -4.0]]]");
        byte[] raw = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1)
                .putFloat(2)
                .array();
        assertThat(negated(model, DataTypes.BinaryType, (Object) raw)).hasToString("[[[-1.0], [-2.0]]]");
        assertThat(negated(model, DataTypes.createArrayType(DataTypes.createArrayType(DataTypes.FloatType)), (Object)
                        new float[][] {{1, 2, 3}, {4, 5, 6}}))
                .hasToString("[[[-1.0, -2.0, -3.0], [-4.0, -5.0, -6.0]]]");
    }

    @Test
    void integersKeepTheirValuesAndMustFit() {
        String model = negation(TensorProto.DataType.INT64, TinyModels.OPEN);
        long odd = (1L << 53) + 1;
        assertThat(negated(model, DataTypes.LongType, odd)).containsExactly(-odd);
        assertThatThrownBy(() -> negated(model, DataTypes.DoubleType, 1.5))
                .hasStackTraceContaining(
                        "expected an integer from -9223372036854775808 to 9223372036854775807, got Double 1.5");
        String small = negation(TensorProto.DataType.INT8, TinyModels.OPEN);
        assertThat(negated(small, DataTypes.IntegerType, 127)).containsExactly((byte) -127);
        assertThatThrownBy(() -> negated(small, DataTypes.IntegerType, 128))
                .hasStackTraceContaining("expected an integer from -128 to 127, got Integer 128");
    }

    @Test
    void textsPassThrough() {
        String model = save(TinyModels.unary("Identity", TensorProto.DataType.STRING, TinyModels.OPEN, 2));
        assertThat(negated(
                        model, DataTypes.createArrayType(DataTypes.StringType), new String[] {"ä", ""}, new String[] {
                            "b", "😀"
                        }))
                .hasToString("[[ä, ], [b, 😀]]");
    }

    /** Rows of another length are another run; the order of the rows stays. */
    @Test
    void rowsOfDifferentShapesAreSeparateBatches() {
        String model = negation(TensorProto.DataType.FLOAT, TinyModels.OPEN, TinyModels.OPEN);
        List<Object> values = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            float[] row = new float[1 + i % 3];
            Arrays.fill(row, i);
            values.add(row);
            expected.add(Collections.nCopies(row.length, -(float) i).toString());
        }
        assertThat(negated(model, DataTypes.createArrayType(DataTypes.FloatType), values.toArray()))
                .extracting(Object::toString)
                .containsExactlyElementsOf(expected);
    }

    @Test
    void aFixedBatchIsFilledUp() {
        String model = negation(TensorProto.DataType.FLOAT, 4);
        Dataset<Row> result = new OnnxTransformer()
                .setModel(model)
                .setInputCols("x")
                .setOutputCols("y")
                .setBatchSize(4)
                .transform(rows(DataTypes.FloatType, 1f, 2f, 3f, 4f, 5f, 6f, 7f));
        assertThat(column(result, "y")).hasToString("[-1.0, -2.0, -3.0, -4.0, -5.0, -6.0, -7.0]");
    }

    @Test
    void severalInputsAndOutputsAreNamed() {
        List<Row> rows = List.of(RowFactory.create(0, new double[] {1, 2}, new double[] {10, 20}));
        DataType array = DataTypes.createArrayType(DataTypes.DoubleType);
        StructType schema = new StructType()
                .add("id", DataTypes.IntegerType)
                .add("left", array)
                .add("right", array);
        OnnxTransformer transformer = new OnnxTransformer()
                .setModel(save(TinyModels.sumAndDifference()))
                .setInputs("b", "a")
                .setInputCols("right", "left")
                .setOutputs("difference")
                .setOutputCols("d");
        Dataset<Row> result = transformer.transform(spark.createDataFrame(rows, schema));
        assertThat(result.columns()).containsExactly("id", "left", "right", "d");
        assertThat(column(result, "d")).hasToString("[[-9.0, -18.0]]");
        assertThat(transformer.transformSchema(schema)).isEqualTo(result.schema());
    }

    @Test
    void anInputWithADefaultMayBeLeftOut() {
        OnnxTransformer transformer = new OnnxTransformer().setModel(save(TinyModels.optionalBias()));
        assertThat(column(transformer.transform(rows(DataTypes.FloatType, 1f)), "y"))
                .containsExactly(6f);
    }

    @Test
    void aFaultyRowFailsTheJobOrGetsAMessage() {
        OnnxTransformer transformer =
                new OnnxTransformer().setModel(save(TinyModels.lookup())).setInputCols("x");
        Dataset<Row> rows = rows(DataTypes.LongType, 0L, 7L, 2L, null, 1L);
        assertThatThrownBy(() -> column(transformer.transform(rows), "y"))
                .isInstanceOf(SparkException.class)
                .hasMessageContaining("row [");
        Dataset<Row> result = transformer.setErrorCol("error").transform(rows);
        assertThat(column(result, "y")).containsExactly(10f, null, 30f, null, 20f);
        List<Object> errors = column(result, "error");
        assertThat(errors)
                .satisfiesExactly(
                        error -> assertThat(error).isNull(),
                        error -> assertThat((String) error)
                                .startsWith("row [1,7]: ")
                                .contains("failed while running"),
                        error -> assertThat(error).isNull(),
                        error -> assertThat((String) error)
                                .contains("input 'i', INT64 (?): expected an integer")
                                .endsWith("got null"),
                        error -> assertThat(error).isNull());
    }

    @Test
    void whatDoesNotFitIsSaidBeforeTheJob() {
        Dataset<Row> rows = rows(DataTypes.LongType, 0L);
        OnnxTransformer transformer = new OnnxTransformer();
        assertThatThrownBy(() -> transformer.transform(rows))
                .hasMessage("no model; call setModel with the path of an ONNX file");
        transformer.setModel(folder.resolve("absent.onnx").toString());
        assertThatThrownBy(() -> transformer.transform(rows))
                .hasMessageContaining("absent.onnx: the model cannot be read");
        transformer.setModel(save(TinyModels.lookup()));
        assertThatThrownBy(() -> transformer.transform(rows)).hasMessage("no column 'i'; the columns are id, x");
        transformer.setInputCols("x").setOutputCols("id");
        assertThatThrownBy(() -> transformer.transform(rows))
                .hasMessage("column 'id' exists already; choose another name");
        transformer.setOutputs("z");
        assertThatThrownBy(() -> transformer.transform(rows)).hasMessage("the model has no output 'z'; it has [y]");
        transformer.setModel(save(TinyModels.unranked()));
        OnnxTransformer unranked =
                new OnnxTransformer().setModel(save(TinyModels.unranked())).setInputCols("x");
        assertThatThrownBy(() -> unranked.transform(rows)).hasMessageContaining("has no axis for the batch");
        OnnxTransformer elsewhere = transformer.setDevice("tpu");
        assertThatThrownBy(() -> elsewhere.transform(rows)).hasMessage("device: expected cpu or cuda, got 'tpu'");
    }

    @Test
    void itIsSavedAndRestoredWithinAPipeline() throws IOException {
        OnnxTransformer transformer = new OnnxTransformer()
                .setModel(save(TinyModels.lookup()))
                .setInputCols("x")
                .setOutputCols("found")
                .setBatchSize(3);
        Dataset<Row> rows = rows(DataTypes.LongType, 2L, 1L);
        PipelineModel pipeline =
                new Pipeline().setStages(new PipelineStage[] {transformer}).fit(rows);
        String saved = folder.resolve("pipeline").toString();
        pipeline.save(saved);
        assertThat(column(PipelineModel.load(saved).transform(rows), "found")).containsExactly(30f, 20f);
        String alone = folder.resolve("alone").toString();
        transformer.save(alone);
        OnnxTransformer restored = OnnxTransformer.load(alone);
        assertThat(restored.uid()).isEqualTo(transformer.uid());
        assertThat(restored.extractParamMap().size())
                .isEqualTo(transformer.extractParamMap().size());
        assertThat(column(restored.transform(rows), "found")).containsExactly(30f, 20f);
    }

    private static List<Object> negated(String model, DataType type, Object... values) {
        return column(
                new OnnxTransformer()
                        .setModel(model)
                        .setInputCols("x")
                        .setOutputCols("y")
                        .transform(rows(type, values)),
                "y");
    }

    private String negation(TensorProto.DataType type, long... shape) {
        return save(TinyModels.unary("Neg", type, shape));
    }

    private String save(ModelProto.Builder model) {
        return TinyModels.save(folder, model).toString();
    }

    private static Dataset<Row> rows(DataType type, Object... values) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            rows.add(RowFactory.create(i, values[i]));
        }
        return spark.createDataFrame(rows, DataTypes.createStructType(new StructField[] {
                    DataTypes.createStructField("id", DataTypes.IntegerType, false),
                    DataTypes.createStructField("x", type, true)
                }))
                .repartition(2);
    }

    private static List<Object> column(Dataset<Row> result, String name) {
        return result.orderBy("id").collectAsList().stream()
                .map(row -> plain(row.getAs(name)))
                .collect(Collectors.toList());
    }

    private static Object plain(Object value) {
        return value instanceof Seq<?> sequence
                ? IntStream.range(0, sequence.length())
                        .mapToObj(i -> plain(sequence.apply(i)))
                        .collect(Collectors.toList())
                : value;
    }
}
