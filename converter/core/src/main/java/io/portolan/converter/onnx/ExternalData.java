package io.portolan.converter.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import io.portolan.converter.ir.TensorData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A file beside a model that holds the elements of its larger constants, because one protobuf message cannot be larger than
 * 2 GB. See "External Tensor Data" in ONNX's documentation.
 */
final class ExternalData implements InitializerStorage {
    /** Smaller tensors, such as shapes and axes, stay in the model, where the checker reads them. */
    static final int SMALLEST = 1024;

    /** Alignment to pages, so that the file can be memory-mapped. */
    private static final int ALIGNMENT = 4096;

    private final String fileName;
    private final List<TensorData> stored = new ArrayList<>();
    private long end;

    ExternalData(String fileName) {
        this.fileName = fileName;
    }

    @Override
    public void put(OnnxMl.TensorProto.Builder tensor, TensorData data) {
        int bytes = data.bytes().remaining();
        if (bytes < SMALLEST) {
            tensor.setRawData(ByteString.copyFrom(data.bytes()));
            return;
        }
        long offset = aligned(end);
        tensor.setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", fileName))
                .addExternalData(entry("offset", Long.toString(offset)))
                .addExternalData(entry("length", Integer.toString(bytes)));
        stored.add(data);
        end = offset + bytes;
    }

    boolean isEmpty() {
        return stored.isEmpty();
    }

    void writeTo(WritableByteChannel channel) throws IOException {
        long at = 0;
        for (TensorData data : stored) {
            write(ByteBuffer.allocate((int) (aligned(at) - at)), channel);
            write(data.bytes(), channel);
            at = aligned(at) + data.bytes().remaining();
        }
    }

    private static void write(ByteBuffer bytes, WritableByteChannel channel) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static long aligned(long offset) {
        return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** One entry of a tensor's location. */
    static OnnxMl.StringStringEntryProto entry(String key, String value) {
        return OnnxMl.StringStringEntryProto.newBuilder()
                .setKey(key)
                .setValue(value)
                .build();
    }
}
