package io.portolan.graphs.data.tfrecord;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.portolan.graphs.data.error.DatasetException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.tensorflow.proto.BytesList;
import org.tensorflow.proto.Example;
import org.tensorflow.proto.Feature;
import org.tensorflow.proto.Features;
import org.tensorflow.proto.Int64List;

/**
 * A sample as the reference's converters store it: features {@code image} (the little-endian float32 values as bytes),
 * {@code label}, {@code height}, {@code width} and {@code channels}.
 *
 * @param height in pixels
 * @param width in pixels
 * @param label 0 or larger
 * @param image float32 (height, width, 3), little-endian
 */
public record ImageExample(int height, int width, int label, ByteBuffer image) {
    private static final int CHANNELS = 3;

    /** A sample of normalised values (height, width, 3). */
    public static ImageExample of(int height, int width, int label, float[] values) {
        ByteBuffer image = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        image.asFloatBuffer().put(values);
        return new ImageExample(height, width, label, image);
    }

    /**
     * Reads a record.
     *
     * @param place the record's position, for messages
     * @throws DatasetException if the record is not such an example, or its sizes do not match its image
     */
    public static ImageExample parse(ByteBuffer record, String place) throws DatasetException {
        Features features;
        try {
            features = Example.parseFrom(record).getFeatures();
        } catch (InvalidProtocolBufferException malformed) {
            throw new DatasetException(place + ": not a tf.train.Example (" + malformed.getMessage() + ")", malformed);
        }
        int height = integer(features, "height", place);
        int width = integer(features, "width", place);
        int channels = integer(features, "channels", place);
        int label = integer(features, "label", place);
        BytesList list = feature(features, "image", place).getBytesList();
        long bytes = (long) height * width * CHANNELS * Float.BYTES;
        if (list.getValueCount() != 1
                || channels != CHANNELS
                || height < 1
                || width < 1
                || list.getValue(0).size() != bytes) {
            int found = list.getValueCount() == 1 ? list.getValue(0).size() : 0;
            throw new DatasetException(place + ": 'image' holds " + found + " bytes for " + height + "x" + width + "x"
                    + channels + "; expected float32 values of 3 channels, " + bytes + " bytes");
        }
        return new ImageExample(
                height, width, label, list.getValue(0).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
    }

    /** The encoded record. */
    public byte[] toBytes() {
        ByteString values = UnsafeByteOperations.unsafeWrap(image.duplicate().rewind());
        return Example.newBuilder()
                .setFeatures(Features.newBuilder()
                        .putFeature(
                                "image",
                                Feature.newBuilder()
                                        .setBytesList(BytesList.newBuilder().addValue(values))
                                        .build())
                        .putFeature("label", integer(label))
                        .putFeature("height", integer(height))
                        .putFeature("width", integer(width))
                        .putFeature("channels", integer(CHANNELS)))
                .build()
                .toByteArray();
    }

    /** Copies the values. */
    public void values(float[] target, int offset) {
        image.duplicate()
                .order(ByteOrder.LITTLE_ENDIAN)
                .rewind()
                .asFloatBuffer()
                .get(target, offset, image.capacity() / Float.BYTES);
    }

    private static Feature integer(long value) {
        return Feature.newBuilder()
                .setInt64List(Int64List.newBuilder().addValue(value))
                .build();
    }

    private static int integer(Features features, String name, String place) throws DatasetException {
        Int64List list = feature(features, name, place).getInt64List();
        if (list.getValueCount() != 1 || list.getValue(0) < 0 || list.getValue(0) > Integer.MAX_VALUE) {
            throw new DatasetException(
                    place + ": feature '" + name + "' is " + list.getValueList() + "; expected one int64, 0 or larger");
        }
        return (int) list.getValue(0);
    }

    private static Feature feature(Features features, String name, String place) throws DatasetException {
        Feature feature = features.getFeatureMap().get(name);
        if (feature == null) {
            throw new DatasetException(
                    place + ": feature '" + name + "' is missing; expected image, label, height, width and channels");
        }
        return feature;
    }
}
