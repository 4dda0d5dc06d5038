package io.portolan.server;

import io.portolan.runtime.bench.Timings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * Many clients that each send one sample of their own after the other, as binary tensors, and look at each answer. Each value
 * of a client's sample is the client's number, so that answers that went to another are noticed.
 */
final class Load {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI infer;
    private final String input;
    private final long[] shape;
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();

    /**
     * @param infer where to send
     * @param shape of one sample, as a batch of 1
     */
    Load(URI infer, String input, long... shape) {
        this.infer = infer;
        this.input = input;
        this.shape = shape;
    }

    /** What came of it. */
    record Outcome(List<String> errors, Timings latency, double perSecond) {
        /** One line for people. */
        @Override
        public String toString() {
            return String.format(
                    "%6d answers, %d errors, %7.1f a second; milliseconds: median %.1f, p95 %.1f, p99 %.1f, longest %.1f",
                    latency.runs(),
                    errors.size(),
                    perSecond,
                    latency.median(),
                    latency.percentile(95),
                    latency.percentile(99),
                    latency.percentile(100));
        }
    }

    Outcome run(int clients, Duration duration) {
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            all.add(goOn(request(client), new Answers(), end));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        double seconds = (System.nanoTime() - start) / 1e9;
        long[] times = nanos.stream().mapToLong(Long::longValue).toArray();
        return new Outcome(List.copyOf(errors), new Timings(times), times.length / seconds);
    }

    /** One client: the next request goes out when the answer to the last is in. */
    private CompletableFuture<Void> goOn(HttpRequest request, Answers answers, long end) {
        long start = System.nanoTime();
        if (start > end) {
            return CompletableFuture.completedFuture(null);
        }
        return http.sendAsync(request, BodyHandlers.ofByteArray())
                .handle((response, failure) -> {
                    nanos.add(System.nanoTime() - start);
                    String wrong = failure == null ? answers.look(response) : failure.toString();
                    if (wrong != null) {
                        errors.add(wrong);
                    }
                    return wrong;
                })
                .thenComposeAsync(wrong -> goOn(request, answers, end));
    }

    private HttpRequest request(int client) {
        int values = (int) LongStream.of(shape).reduce(1, (a, b) -> a * b);
        ByteBuffer sample = ByteBuffer.allocate(values * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (sample.hasRemaining()) {
            sample.putFloat(client / 100f);
        }
        byte[] json = ("{\"parameters\": {\"binary_data_output\": true}, \"inputs\": [{\"name\": \"" + input
                        + "\", \"shape\": " + Arrays.toString(shape)
                        + ", \"datatype\": \"FP32\", \"parameters\": {\"binary_data_size\": " + sample.capacity()
                        + "}}]}")
                .getBytes(StandardCharsets.UTF_8);
        return HttpRequest.newBuilder(infer)
                .header("Content-Type", "application/octet-stream")
                .header(BinaryTensors.LENGTH_HEADER, Integer.toString(json.length))
                .POST(BodyPublishers.concat(
                        BodyPublishers.ofByteArray(json), BodyPublishers.ofByteArray(sample.array())))
                .build();
    }

    /** The answers to one client, which ought to be alike. */
    private static final class Answers {
        private static final double ROUNDING = 1e-4;

        private volatile float first = Float.NaN;
        private final AtomicLong seen = new AtomicLong();

        /** What is wrong with an answer; null if nothing is. */
        String look(HttpResponse<byte[]> response) {
            if (response.statusCode() != 200) {
                return response.statusCode() + ": " + new String(response.body(), StandardCharsets.UTF_8);
            }
            float last = ByteBuffer.wrap(response.body())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getFloat(response.body().length - Float.BYTES);
            if (seen.getAndIncrement() == 0) {
                first = last;
            }
            // Batches of other sizes round in other orders.
            return Math.abs(last - first) <= ROUNDING * Math.max(1, Math.abs(first)) ? null : first + " became " + last;
        }
    }
}
