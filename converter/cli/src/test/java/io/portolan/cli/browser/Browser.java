package io.portolan.cli.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Chromium of this machine, without a window; closing it ends the process. */
public final class Browser implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final long SECONDS = 60;
    private static final long SECONDS_TO_END = 2;

    private final Process process;
    private final DevTools tools;

    private Browser(Process process, DevTools tools) {
        this.process = process;
        this.tools = tools;
    }

    /**
     * Starts the browser that the environment variable CHROMIUM names, or one on the path. Without one the test is skipped.
     *
     * @param folder for the browser's own files
     */
    public static Browser start(Path folder) throws IOException, InterruptedException {
        Optional<Path> program = Stream.concat(
                        Stream.ofNullable(System.getenv("CHROMIUM")).map(Path::of),
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                                .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name))))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(program.isPresent(), "no Chromium on the PATH, and none in the environment variable CHROMIUM");
        Path profile = Files.createTempDirectory(folder, "profile");
        Process process = new ProcessBuilder(
                        program.get().toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--hide-scrollbars",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0",
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectErrorStream(true)
                .start();
        try {
            return new Browser(process, DevTools.connect(endpoint(process, profile.resolve("DevToolsActivePort"))));
        } catch (IOException | RuntimeException e) {
            end(process);
            throw e;
        }
    }

    /** Opens a page in a tab of its own and waits until it and what it names are loaded. */
    public Page open(URI address) throws IOException {
        Page page = new Page(tools);
        page.go(address);
        return page;
    }

    @Override
    public void close() {
        tools.close();
        end(process);
    }

    /** Where the browser listens: a port, and below it a path. */
    private static URI endpoint(Process process, Path file) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (System.nanoTime() < deadline && process.isAlive()) {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            if (lines.size() == 2) {
                return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new IOException(
                "the browser " + (process.isAlive() ? "did not listen within " + SECONDS + " s" : "ended at once"));
    }

    /** Ends the browser and all that it started: what still runs would write into the profile while the test's folder is deleted. */
    private static void end(Process process) {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        // Whoever is killed writes no more, but counts as running until its new parent has noticed, which not every
        // system's does.
        CompletableFuture.allOf(all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, SECONDS_TO_END, TimeUnit.SECONDS)
                .join();
    }
}
