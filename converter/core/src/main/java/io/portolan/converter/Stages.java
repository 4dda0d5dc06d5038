package io.portolan.converter;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Runs the stages of a long job and reports each, with its duration, as soon as it ends. */
public final class Stages {
    /**
     * A completed stage.
     *
     * @param detail its result in a few words
     */
    public record Stage(String name, Duration time, String detail) {}

    /**
     * The work of a stage.
     *
     * @param <E> the exception it may throw; inferred as {@link RuntimeException} if it throws no checked one
     */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        T run() throws E;
    }

    private final Consumer<Stage> listener;

    public Stages(Consumer<Stage> listener) {
        this.listener = listener;
    }

    /** Stages without a listener. */
    public static Stages silent() {
        return new Stages(stage -> {});
    }

    /** A copy that reports to another listener too. */
    public Stages reportingTo(Consumer<Stage> other) {
        return new Stages(listener.andThen(other));
    }

    /**
     * Runs a stage; a stage that throws is not reported.
     *
     * @throws E if the work throws it
     */
    public <T, E extends Exception> T run(String name, Work<T, E> work, Function<? super T, String> detail) throws E {
        return runOptional(name, work, result -> Optional.of(detail.apply(result)));
    }

    /**
     * Runs a stage that has no result for some inputs, and is then not reported.
     *
     * @param detail the result in a few words, or empty if there is none
     * @throws E if the work throws it
     */
    public <T, E extends Exception> T runOptional(
            String name, Work<T, E> work, Function<? super T, Optional<String>> detail) throws E {
        long start = System.nanoTime();
        T result = work.run();
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        detail.apply(result).ifPresent(words -> listener.accept(new Stage(name, time, words)));
        return result;
    }
}
