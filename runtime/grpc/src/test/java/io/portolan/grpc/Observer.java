package io.portolan.grpc;

import inference.ModelInferRequest;
import inference.ModelInferResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Waits for the end of a call. */
final class Observer extends ClientCall.Listener<ModelInferResponse> {
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private volatile ModelInferResponse answer;

    /** Starts a call. */
    static Observer of(Channel channel, ModelInferRequest request) {
        ClientCall<ModelInferRequest, ModelInferResponse> call = channel.newCall(TestServer.INFER, CallOptions.DEFAULT);
        Observer observer = new Observer();
        call.start(observer, new Metadata());
        call.request(2);
        call.sendMessage(request);
        call.halfClose();
        return observer;
    }

    @Override
    public void onMessage(ModelInferResponse message) {
        answer = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        end.complete(status);
    }

    ModelInferResponse answer() {
        return answer;
    }

    Status end() {
        return end.orTimeout(30, TimeUnit.SECONDS).join();
    }
}
