package example;

import io.portolan.graphs.training.Device;
import io.portolan.graphs.training.TrainingRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

public final class Training {
    public static boolean resume(Path folder, long steps) throws IOException {
        TrainingRun run = TrainingRun.resume(folder, Device.AUTO).until(steps);
        System.out.printf(
                "%,d of %,d steps are done%n", run.steps(), run.settings().steps());
        return run.train(Thread.currentThread()::isInterrupted, List.of());
    }

    public static void main(String[] arguments) throws IOException {
        boolean complete = resume(Path.of(arguments[0]), Long.parseLong(arguments[1]));
        System.out.println(complete ? "done" : "stopped and saved");
    }
}
