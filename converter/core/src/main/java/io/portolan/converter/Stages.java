package io.portolan.converter;

import java.time.Duration;
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

    /**
     * The work of a stage.
     *
     * @param <E> what it may throw; inferred as {@link RuntimeException} where it throws nothing that is checked
     */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        T run() throws E;
    }

    private final Consumer<Stage> listener;

    public Stages(Consumer<Stage> listener) {
        this.listener = listener;
    }

    /** Stages that nobody is told of. */
    public static Stages silent() {
        return new Stages(stage -> {});
    }

    /** The same, reported to another listener too. */
    public Stages reportingTo(Consumer<Stage> other) {
        return new Stages(listener.andThen(other));
    }

    /**
     * Runs a stage; one that throws is not reported.
     *
     * @throws E as the work does
     */
    public <T, E extends Exception> T run(String name, Work<T, E> work, Function<? super T, String> detail) throws E {
        long start = System.nanoTime();
        T result = work.run();
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        listener.accept(new Stage(name, time, detail.apply(result)));
        return result;
    }
}
