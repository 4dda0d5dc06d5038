package io.portolan.cli.compatibility;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The runtimes to test exports in, and the exports that they are known to reject. */
enum Runtime {
    ONNX_RUNTIME_JAVA("ONNX Runtime, Java", new Refusals()) {
        @Override
        Engine start(Path folder) {
            return new OnnxRuntimeEngine();
        }
    },
    ONNX_RUNTIME_NODE("ONNX Runtime, Node", new Refusals()) {
        @Override
        Engine start(Path folder) throws IOException {
            return WorkerEngine.start(
                    "ONNX Runtime, Node (npm `onnxruntime-node`)", node("onnxruntime-node"), folder.resolve("node"));
        }
    },
    ONNX_RUNTIME_WEB("ONNX Runtime, browser", new Refusals()) {
        @Override
        Engine start(Path folder) throws IOException, InterruptedException {
            return BrowserEngine.open(folder.toAbsolutePath(), "node/page.html");
        }
    },
    OPENCV_4_10("OpenCV 4.10", Refusals.OPENCV_4) {
        @Override
        Engine start(Path folder) throws IOException {
            return WorkerEngine.start(OPENCV, OpenCvWorker.command(classPath()), folder);
        }
    },
    OPENCV_4_13("OpenCV 4.13", Refusals.OPENCV_4) {
        @Override
        Engine start(Path folder) throws IOException {
            try (Stream<Path> jars = Files.list(Path.of("target/opencv"))) {
                String newer = jars.map(jar -> jar.toAbsolutePath().toString())
                        .sorted()
                        .collect(Collectors.joining(File.pathSeparator));
                String others = Arrays.stream(classPath().split(File.pathSeparator))
                        .filter(entry -> !entry.contains("bytedeco"))
                        .collect(Collectors.joining(File.pathSeparator));
                return WorkerEngine.start(OPENCV, OpenCvWorker.command(others + File.pathSeparator + newer), folder);
            }
        }
    },
    OPENCV_JS("OpenCV.js 5", new Refusals(List.of(Variant.SCAN), "has been already added into net")) {
        @Override
        Engine start(Path folder) throws IOException {
            return WorkerEngine.start(
                    "OpenCV, JavaScript (npm `@techstark/opencv-js`)", node("opencv-js"), folder.resolve("node"));
        }
    };

    private static final String OPENCV = "OpenCV, Java (`org.bytedeco:opencv`)";

    private final String heading;
    private final Refusals refusals;

    Runtime(String heading, Refusals refusals) {
        this.heading = heading;
        this.refusals = refusals;
    }

    /** Its name above a column. */
    String heading() {
        return heading;
    }

    /**
     * Starts it.
     *
     * @param folder that models lie below
     */
    abstract Engine start(Path folder) throws IOException, InterruptedException;

    /** A part of what it says when it refuses a variant; empty if it takes it. */
    Optional<String> refusal(Variant variant) {
        return refusals.variants().contains(variant) ? Optional.of(refusals.words()) : Optional.empty();
    }

    private static List<String> node(String runtime) {
        return List.of("node", "worker.mjs", runtime);
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** What is refused, and with which words. */
    private record Refusals(List<Variant> variants, String words) {
        /** One constant that two products begin with is one too many. */
        static final Refusals OPENCV_4 = new Refusals(
                Variant.stream().filter(variant -> !variant.isForOpenCv()).toList(), "already into net");

        Refusals() {
            this(List.of(), "");
        }
    }
}
