package io.portolan.spark;

import io.portolan.runtime.ImageTask;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.Prediction;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Classifies images with a file that Portolan exported, prepared as in training. The column of images holds PNG or JPEG files, as the source
 * {@code binaryFile} reads them, or the structures of Spark's source {@code image}.
 *
 * <p>The columns that it adds are those that Spark's evaluators look for: {@code verdict} (label), {@code prediction} (number of the class, a
 * double), {@code probabilities} and {@code logits} (vectors, one element for each class).
 *
 * <pre>{@code
 * Dataset<Row> verdicts = new ImageClassifierTransformer()
 *         .setModel("model.onnx")
 *         .setErrorCol("error")
 *         .transform(spark.read().format("binaryFile").load("images/"));
 * }</pre>
 */
public final class ImageClassifierTransformer extends ModelTransformer<ImageClassifierTransformer> {
    private static final long serialVersionUID = 1L;

    private final Param<String> inputCol;
    private final Param<String> verdictCol;
    private final Param<String> predictionCol;
    private final Param<String> probabilitiesCol;
    private final Param<String> logitsCol;

    public ImageClassifierTransformer() {
        this(Identifiable$.MODULE$.randomUID("imageClassifier"));
    }

    /** For Spark, which restores transformers by their identifier. */
    public ImageClassifierTransformer(String uid) {
        super(uid);
        this.inputCol = new Param<>(uid, "inputCol", "column of the images");
        this.verdictCol = new Param<>(uid, "verdictCol", "column for the label");
        this.predictionCol = new Param<>(uid, "predictionCol", "column for the number of the class");
        this.probabilitiesCol = new Param<>(uid, "probabilitiesCol", "column for the probability of each class");
        this.logitsCol = new Param<>(uid, "logitsCol", "column for the logit of each class");
        setDefault(inputCol, "content");
        setDefault(verdictCol, "verdict");
        setDefault(predictionCol, "prediction");
        setDefault(probabilitiesCol, "probabilities");
        setDefault(logitsCol, "logits");
    }

    /** Restores what {@link #write} saved. */
    public static MLReader<ImageClassifierTransformer> read() {
        return new DefaultParamsReader<>();
    }

    /** Restores what {@link #save} saved. */
    public static ImageClassifierTransformer load(String path) {
        return read().load(path);
    }

    /** The parameter of {@link #setInputCol}. */
    public Param<String> inputCol() {
        return inputCol;
    }

    /** The parameter of {@link #setVerdictCol}. */
    public Param<String> verdictCol() {
        return verdictCol;
    }

    /** The parameter of {@link #setPredictionCol}. */
    public Param<String> predictionCol() {
        return predictionCol;
    }

    /** The parameter of {@link #setProbabilitiesCol}. */
    public Param<String> probabilitiesCol() {
        return probabilitiesCol;
    }

    /** The parameter of {@link #setLogitsCol}. */
    public Param<String> logitsCol() {
        return logitsCol;
    }

    /** The column of the images (default: content, as the source {@code binaryFile} names it). */
    public ImageClassifierTransformer setInputCol(String column) {
        return with(inputCol, column);
    }

    /** The column for the label (default: verdict). */
    public ImageClassifierTransformer setVerdictCol(String column) {
        return with(verdictCol, column);
    }

    /** The column for the number of the class (default: prediction). */
    public ImageClassifierTransformer setPredictionCol(String column) {
        return with(predictionCol, column);
    }

    /** The column for the probabilities (default: probabilities). */
    public ImageClassifierTransformer setProbabilitiesCol(String column) {
        return with(probabilitiesCol, column);
    }

    /** The column for the logits (default: logits). */
    public ImageClassifierTransformer setLogitsCol(String column) {
        return with(logitsCol, column);
    }

    @Override
    Work work(OnnxModel opened, StructType schema) {
        ImageTask.of(opened);
        int images = column(schema, getOrDefault(inputCol));
        DataType type = schema.fields()[images].dataType();
        boolean isStructure = SparkImage.isImage(type);
        if (!isStructure && !(type instanceof BinaryType)) {
            throw new IllegalArgumentException("column '" + getOrDefault(inputCol) + "' holds " + type.simpleString()
                    + "; expected the bytes of image files, or structures of the source 'image'");
        }
        int paths = Arrays.asList(schema.fieldNames()).indexOf("path");
        return new ImageWork(
                images,
                isStructure,
                paths,
                List.of(
                        DataTypes.createStructField(getOrDefault(verdictCol), DataTypes.StringType, true),
                        DataTypes.createStructField(getOrDefault(predictionCol), DataTypes.DoubleType, true),
                        DataTypes.createStructField(getOrDefault(probabilitiesCol), SQLDataTypes.VectorType(), true),
                        DataTypes.createStructField(getOrDefault(logitsCol), SQLDataTypes.VectorType(), true)));
    }

    /**
     * @param images index of the column of images
     * @param isStructure whether they are Spark's structures, rather than files
     * @param paths index of the column of their names; -1 without one
     */
    private record ImageWork(int images, boolean isStructure, int paths, List<StructField> fields) implements Work {
        @Override
        public RowBatches.Step<?> step(OnnxModel model) {
            return new ImageStep(this, model, ImageTask.of(model));
        }
    }

    private record ImageStep(ImageWork work, OnnxModel model, ImageTask task) implements RowBatches.Step<float[]> {
        @Override
        public float[] prepare(Row row) {
            if (row.isNullAt(work.images())) {
                throw new RowException("there is no image");
            }
            if (work.isStructure()) {
                return task.sample(SparkImage.of(row.getStruct(work.images())));
            }
            byte[] bytes = (byte[]) row.get(work.images());
            return task.sample("the image", new ByteArrayInputStream(bytes));
        }

        @Override
        public boolean fit(float[] one, float[] other) {
            return true;
        }

        @Override
        public List<Object[]> run(List<float[]> samples) {
            float[][] logits = task.logits(
                    model.run(task.batch(samples.size(), target -> samples.forEach(target::put))), samples.size());
            List<Object[]> values = new ArrayList<>();
            for (float[] row : logits) {
                Prediction prediction = task.prediction("the image", row);
                values.add(new Object[] {
                    prediction.label(),
                    (double) prediction.classIndex(),
                    Vectors.dense(prediction.probabilities().stream()
                            .mapToDouble(Double::doubleValue)
                            .toArray()),
                    Vectors.dense(prediction.logits().stream()
                            .mapToDouble(Float::doubleValue)
                            .toArray())
                });
            }
            return values;
        }

        @Override
        public int width() {
            return work.fields().size();
        }

        @Override
        public String name(Row row) {
            if (work.isStructure() && !row.isNullAt(work.images())) {
                return SparkImage.origin(row.getStruct(work.images()));
            }
            return work.paths() < 0 ? "a row" : String.valueOf(row.get(work.paths()));
        }
    }
}
