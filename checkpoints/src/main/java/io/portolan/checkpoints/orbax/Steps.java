package io.portolan.checkpoints.orbax;

import io.portolan.checkpoints.stores.Folder;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The steps in the folder of a CheckpointManager, or of Flax's {@code save_checkpoint}: folders whose names are numbers, or
 * end with one after an underscore.
 *
 * @param complete the folders of those that are complete, by number
 * @param incomplete why others are not, by number
 */
record Steps(SortedMap<Long, Folder> complete, SortedMap<Long, String> incomplete) {
    private static final Pattern NAME = Pattern.compile(
            "(?<series>.*_)?(?<step>\\d{1,18})(?<temporary>\\.orbax-checkpoint-tmp.*)?", Pattern.DOTALL);
    private static final int SHOWN = 20;

    /** Whether a folder's name is that of a step. */
    static boolean isNumbered(String name) {
        return NAME.matcher(name).matches();
    }

    /** The steps in a folder; empty if it has none. */
    static Optional<Steps> in(Folder manager) throws IOException {
        Steps steps = new Steps(new TreeMap<>(), new TreeMap<>());
        Set<String> series = new TreeSet<>();
        for (String name : manager.names()) {
            Matcher matcher = NAME.matcher(name);
            Optional<Folder> folder = matcher.matches() ? manager.folder(name) : Optional.empty();
            if (folder.isEmpty()) {
                continue;
            }
            long number = Long.parseLong(matcher.group("step"));
            if (matcher.group("temporary") != null) {
                steps.incomplete.put(number, "its folder is still named " + Quotation.of(name));
            } else if (Items.isCheckpoint(folder.get())) {
                series.add(matcher.group("series") == null ? "" : matcher.group("series"));
                if (steps.complete.put(number, folder.get()) != null) {
                    throw error(manager, "two folders of step " + number, "one of each");
                }
            }
        }
        if (series.size() > 1) {
            throw error(manager, "steps of several series, " + Quotation.of(String.join(", ", series)), "one");
        }
        steps.separateIncomplete();
        return steps.complete.isEmpty() && steps.incomplete.isEmpty() ? Optional.empty() : Optional.of(steps);
    }

    private void separateIncomplete() throws IOException {
        boolean isMarked = false;
        for (Folder folder : complete.values()) {
            isMarked |= Marks.isCommitted(folder);
        }
        for (Map.Entry<Long, Folder> step : List.copyOf(complete.entrySet())) {
            Optional<String> reason = Marks.incompleteness(step.getValue());
            if (reason.isEmpty() && isMarked && !Marks.isCommitted(step.getValue())) {
                reason = Optional.of("it has no commit_success.txt, which other steps have");
            }
            if (reason.isPresent()) {
                complete.remove(step.getKey());
                incomplete.put(step.getKey(), reason.get());
            }
        }
    }

    /**
     * The number of the step to read.
     *
     * @param manager the folder, for errors
     * @param wanted a number; empty for the latest
     * @throws OrbaxChoiceException if there is no such step, or it is not complete
     * @throws CheckpointException if none is complete
     */
    long choose(Folder manager, OptionalLong wanted) throws CheckpointException {
        if (complete.isEmpty()) {
            throw new CheckpointException(
                    manager.name() + ": saving step " + incomplete.lastKey() + " was not finished, "
                            + incomplete.get(incomplete.lastKey()) + ": expected a complete step, and there is none");
        }
        long number = wanted.orElseGet(complete::lastKey);
        if (complete.containsKey(number)) {
            return number;
        }
        String problem = incomplete.containsKey(number)
                ? "saving step " + number + " was not finished, " + incomplete.get(number)
                : "no step " + number;
        throw new OrbaxChoiceException(
                manager.name() + ": " + problem + ": expected one of the steps " + listed(),
                OrbaxChoiceException.Subject.STEP,
                numbers());
    }

    /** The numbers of the complete steps, for display. */
    String listed() {
        List<String> numbers = numbers();
        return numbers.size() > SHOWN
                ? "..., " + String.join(", ", numbers.subList(numbers.size() - SHOWN, numbers.size()))
                : String.join(", ", numbers);
    }

    private List<String> numbers() {
        return complete.keySet().stream().map(String::valueOf).toList();
    }

    private static CheckpointException error(Folder manager, String problem, String expectation) {
        return new CheckpointException(
                manager.name() + ": " + problem + ": expected " + expectation + "; give the folder of the step itself");
    }
}
