package io.portolan.grpc;

import io.grpc.Status;
import io.portolan.server.Failures;
import io.portolan.server.HttpError;
import java.util.Map;

/** gRPC's codes for errors. */
final class Statuses {
    private static final Map<Integer, Status.Code> CODES = Map.of(
            400, Status.Code.INVALID_ARGUMENT,
            404, Status.Code.NOT_FOUND,
            408, Status.Code.DEADLINE_EXCEEDED,
            413, Status.Code.RESOURCE_EXHAUSTED,
            429, Status.Code.RESOURCE_EXHAUSTED,
            503, Status.Code.UNAVAILABLE);

    private Statuses() {}

    static Status of(Throwable failure) {
        HttpError error = Failures.describe(failure);
        return CODES.getOrDefault(error.status(), Status.Code.INTERNAL)
                .toStatus()
                .withDescription(error.getMessage());
    }
}
