package io.portolan.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The rows of a partition with the columns that a model adds. Rows are read ahead until a batch is full, in which case they are run
 * together; if the run fails, each is run alone, so that one faulty row does not spoil the others.
 *
 * @param <S> what a row becomes before it is run
 */
final class RowBatches<S> implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final Step<S> step;
    private final int size;
    private final boolean keepsErrors;
    private final Queue<Row> done = new ArrayDeque<>();
    private Optional<Prepared<S>> ahead = Optional.empty();

    /** A row and what is run of it; nothing if it could not be prepared. */
    private record Prepared<S>(Row row, Optional<S> sample, String error) {}

    /** The values of the added columns, or what is wrong with the row, which is then not null. */
    private record Result(Object[] values, String error) {
        static Result failed(String error) {
            return new Result(new Object[0], error);
        }
    }

    /** What a transformer does with rows. */
    interface Step<S> {
        /** @throws RuntimeException if the row cannot be used */
        S prepare(Row row);

        /** Whether two rows can be run together. */
        boolean fit(S one, S other);

        /** The values of the added columns, for each sample. */
        List<Object[]> run(List<S> samples);

        /** The number of added columns. */
        int width();

        /** What messages call a row. */
        String name(Row row);
    }

    /**
     * @param keepsErrors whether rows with errors get a last column with the message, and nulls in the others; otherwise they are thrown
     */
    RowBatches(Iterator<Row> rows, Step<S> step, int size, boolean keepsErrors) {
        this.rows = rows;
        this.step = step;
        this.size = size;
        this.keepsErrors = keepsErrors;
    }

    @Override
    public boolean hasNext() {
        return !done.isEmpty() || ahead.isPresent() || rows.hasNext();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (done.isEmpty()) {
            runBatch();
        }
        return done.remove();
    }

    /** Rows come out in their order: a batch ends where the next row does not fit. */
    private void runBatch() {
        List<Prepared<S>> batch = new ArrayList<>();
        Optional<S> first = Optional.empty();
        int samples = 0;
        while (samples < size && (ahead.isPresent() || rows.hasNext())) {
            Prepared<S> next = ahead.isPresent() ? ahead.get() : prepared(rows.next());
            ahead = Optional.empty();
            if (next.sample().isPresent()) {
                if (first.isPresent() && !step.fit(first.get(), next.sample().get())) {
                    ahead = Optional.of(next);
                    break;
                }
                first = first.or(next::sample);
                samples++;
            }
            batch.add(next);
            if (batch.size() >= 2 * size) {
                // Faulty rows are not gathered without end.
                break;
            }
        }
        finish(batch);
    }

    private Prepared<S> prepared(Row row) {
        try {
            return new Prepared<>(row, Optional.of(step.prepare(row)), "");
        } catch (RuntimeException unusable) {
            return new Prepared<>(row, Optional.empty(), error(row, unusable));
        }
    }

    private void finish(List<Prepared<S>> batch) {
        Iterator<Result> results = results(batch).iterator();
        for (Prepared<S> one : batch) {
            Result result = one.sample().isPresent() ? results.next() : Result.failed(one.error());
            done.add(appended(one.row(), result));
        }
    }

    /** The results of the rows that could be prepared. */
    private List<Result> results(List<Prepared<S>> batch) {
        List<Prepared<S>> runnable =
                batch.stream().filter(one -> one.sample().isPresent()).toList();
        if (runnable.isEmpty()) {
            return List.of();
        }
        try {
            return run(runnable);
        } catch (RuntimeException failure) {
            return runnable.stream().map(this::alone).toList();
        }
    }

    private Result alone(Prepared<S> one) {
        try {
            return run(List.of(one)).get(0);
        } catch (RuntimeException failure) {
            return Result.failed(error(one.row(), failure));
        }
    }

    private List<Result> run(List<Prepared<S>> batch) {
        List<S> samples = batch.stream().map(one -> one.sample().orElseThrow()).toList();
        return step.run(samples).stream()
                .map(values -> new Result(values, null))
                .toList();
    }

    private String error(Row row, RuntimeException failure) {
        String message = step.name(row) + ": " + (failure.getMessage() == null ? failure : failure.getMessage());
        if (!keepsErrors) {
            throw new RowException(message, failure);
        }
        return message;
    }

    private Row appended(Row row, Result result) {
        int width = step.width();
        Object[] all = new Object[row.size() + width + (keepsErrors ? 1 : 0)];
        for (int i = 0; i < row.size(); i++) {
            all[i] = row.get(i);
        }
        if (result.error() == null) {
            System.arraycopy(result.values(), 0, all, row.size(), width);
        }
        if (keepsErrors) {
            all[row.size() + width] = result.error();
        }
        return RowFactory.create(all);
    }
}
