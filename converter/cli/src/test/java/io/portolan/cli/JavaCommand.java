package io.portolan.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line in a process of its own. */
final class JavaCommand {
    private JavaCommand() {}

    /** The words that start it with the classes of this test, and as the launcher does: newer Java warns without this permission. */
    static List<String> portolan(List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(Portolan.class.getName());
        command.addAll(arguments);
        return command;
    }
}
