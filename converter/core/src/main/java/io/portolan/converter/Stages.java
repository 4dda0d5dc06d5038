package io.portolan.converter;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;

/** Runs the stages of a long job and reports each with its time as soon as it ends. */
public final class Stages {
    /**
     * A stage that has ended.
     *
     * @param detail what came of it, in a few words
     */
    public record Stage(String name, Duration time, String detail) {}

    private final Consumer<Stage> listener;

    public Stages(Consumer<Stage> listener) {
        this.listener = listener;
    }

    /** Runs a stage; one that throws is not reported. */
    public <T> T run(String name, Callable<T> work, Function<T, String> detail) throws Exception {
        long start = System.nanoTime();
        T result = work.call();
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        listener.accept(new Stage(name, time, detail.apply(result)));
        return result;
    }
}
