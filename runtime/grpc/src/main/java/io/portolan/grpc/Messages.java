package io.portolan.grpc;

import com.google.protobuf.CodedOutputStream;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Messages as bytes. */
final class Messages {
    static final Marshaller<Received> REQUESTS = new Marshaller<>() {
        @Override
        public InputStream stream(Received message) {
            throw new UnsupportedOperationException("a server sends no requests");
        }

        @Override
        public Received parse(InputStream message) {
            return Exchange.current().receive(message);
        }
    };

    static final Marshaller<ByteBuffer> ANSWERS = new Marshaller<>() {
        @Override
        public InputStream stream(ByteBuffer message) {
            return new ByteArrayInputStream(
                    message.array(), message.arrayOffset() + message.position(), message.remaining());
        }

        @Override
        public ByteBuffer parse(InputStream message) {
            throw new UnsupportedOperationException("a server receives no answers");
        }
    };

    private Messages() {}

    @FunctionalInterface
    interface Writing {
        void write(CodedOutputStream out) throws IOException;
    }

    static byte[] bytes(Writing fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
