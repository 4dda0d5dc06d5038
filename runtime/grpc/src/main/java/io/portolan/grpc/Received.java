package io.portolan.grpc;

import io.grpc.Status;
import java.nio.ByteBuffer;

/**
 * A request's message.
 *
 * @param bytes the message; null if it was refused
 * @param status OK, or why it was refused
 */
record Received(ByteBuffer bytes, Status status) {
    static Received refused(Status status) {
        return new Received(null, status);
    }
}
