package example;

import java.nio.file.Path;

/** A program that embeds the runtime. Arguments: a model and an image. */
public final class Service {
    private Service() {}

    public static void main(String[] arguments) {
        try (Verdicts verdicts = new Verdicts(Path.of(arguments[0]))) {
            System.out.println(verdicts.on(Path.of(arguments[1])));
        }
    }
}
