package io.portolan.grpc;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.portolan.server.AnswerText;
import io.portolan.server.HttpError;
import io.portolan.server.InferenceService;
import io.portolan.server.MemoryBudget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A request and its answer, whose memory is reserved from the first byte that arrives to the last one that is sent. */
final class Exchange extends ServerStreamTracer {
    private static final Context.Key<Exchange> CURRENT = Context.key("exchange");
    private static final int CHUNK = 1 << 16;

    private final InferenceService service;
    private final BiConsumer<Status, Attributes> end;
    private final MemoryBudget.Reservation request;
    private final MemoryBudget.Reservation answer;
    private final List<Runnable> closing = new ArrayList<>();
    private volatile Consumer<HttpError> refusal = error -> {};
    private volatile Attributes attributes = Attributes.EMPTY;
    private boolean isClosed;

    /** @param end told how the exchange ended, and the attributes of its connection */
    Exchange(InferenceService service, BiConsumer<Status, Attributes> end) {
        this.service = service;
        this.end = end;
        this.request = service.requests().reserve();
        this.answer = service.answers().reserve();
    }

    /** The exchange that the calling thread works for. */
    static Exchange current() {
        return CURRENT.get();
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(CURRENT, this);
    }

    /** @param action told if the request takes more memory than there is */
    void onRefusal(Consumer<HttpError> action) {
        refusal = action;
    }

    /** Runs an action when the exchange is over, or now if it is. */
    void onClose(Runnable action) {
        synchronized (closing) {
            if (!isClosed) {
                closing.add(action);
                return;
            }
        }
        action.run();
    }

    @Override
    public void serverCallStarted(ServerCallInfo<?, ?> call) {
        attributes = call.getAttributes();
    }

    /** Called for each piece of the request, before the next one is received. */
    @Override
    public void inboundWireSize(long bytes) {
        try {
            request.grow(bytes);
        } catch (HttpError exhausted) {
            refusal.accept(exhausted);
        }
    }

    /** Reads a whole request, which is larger than what arrived if it is compressed. */
    Received receive(InputStream message) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.max(0, message.available()));
            byte[] chunk = new byte[CHUNK];
            for (int length = message.read(chunk); length >= 0; length = message.read(chunk)) {
                request.growTo((long) bytes.size() + length);
                bytes.write(chunk, 0, length);
            }
            return new Received(ByteBuffer.wrap(bytes.toByteArray()), Status.OK);
        } catch (StatusRuntimeException tooLarge) {
            return Received.refused(tooLarge.getStatus());
        } catch (IOException damaged) {
            return Received.refused(Status.INVALID_ARGUMENT.withDescription("the message cannot be decompressed"));
        } catch (HttpError | OutOfMemoryError exhausted) {
            return Received.refused(Statuses.of(exhausted));
        }
    }

    MemoryBudget.Reservation answerSpace() {
        return answer;
    }

    /** An empty answer of limited size. */
    AnswerText answer() {
        return new AnswerText(service.options().limits().answerBytes(), answer);
    }

    @Override
    public void streamClosed(Status status) {
        request.release();
        answer.release();
        List<Runnable> actions;
        synchronized (closing) {
            isClosed = true;
            actions = List.copyOf(closing);
        }
        actions.forEach(Runnable::run);
        end.accept(status, attributes);
    }
}
