package io.portolan.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import inference.ModelInferResponse;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Messages by their bytes, which generated code would not write. */
final class Bytes {
    /** {@code ModelInfer} with any bytes as its request. */
    static final MethodDescriptor<ByteString, ModelInferResponse> INFER = TestServer.method(
            "inference.GRPCInferenceService",
            "ModelInfer",
            new MethodDescriptor.Marshaller<>() {
                @Override
                public InputStream stream(ByteString message) {
                    return message.newInput();
                }

                @Override
                public ByteString parse(InputStream message) {
                    throw new UnsupportedOperationException();
                }
            },
            ModelInferResponse.getDefaultInstance());

    private Bytes() {}

    static ModelInferResponse infer(TestServer server, ByteString request) {
        return server.call(INFER, request);
    }

    @FunctionalInterface
    private interface Writing {
        void write(CodedOutputStream out) throws IOException;
    }

    /** A field that is a message, a text or bytes. */
    static ByteString field(int number, ByteString content) {
        return bytes(out -> out.writeBytes(number, content));
    }

    static ByteString varint(int number, long value) {
        return bytes(out -> out.writeInt64(number, value));
    }

    static ByteString fixed32(int number, float value) {
        return bytes(out -> out.writeFloat(number, value));
    }

    private static ByteString bytes(Writing writing) {
        ByteString.Output bytes = ByteString.newOutput();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            writing.write(out);
            out.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteString();
    }
}
