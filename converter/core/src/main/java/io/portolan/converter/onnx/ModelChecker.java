package io.portolan.converter.onnx;

import io.portolan.converter.ir.Opset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.onnx.global.onnx;

/** ONNX's own checker with strict shape inference, where there is a build of it for this machine. */
public final class ModelChecker {
    /** What became of a check that did not fail. */
    public enum Result {
        /** The checker accepts the model. */
        VALID,
        /** The checker does not know the opset yet; nothing is known. */
        TOO_NEW,
        /** There is no checker for this operating system and processor; nothing is known. */
        NOT_AVAILABLE;

        /** What a report says of a model in an opset. */
        public String describe(Opset opset) {
            return switch (this) {
                case VALID -> "accepted by the ONNX checker and its shape inference";
                case TOO_NEW ->
                    "NOT CHECKED: the ONNX checker knows opsets up to " + NEWEST_OPSET + ", this is " + opset;
                case NOT_AVAILABLE -> "NOT CHECKED: there is no build of the ONNX checker for this machine";
            };
        }
    }

    /** What version 1.17 of the checker, the newest for the JVM, knows. */
    public static final int NEWEST_OPSET = 22;

    private ModelChecker() {}

    /** Whether the checker's native library is there and loads. */
    public static boolean isAvailable() {
        return Library.LOADED;
    }

    /**
     * Checks a model file.
     *
     * @param opset the opset it is written in
     * @throws InvalidModelException with the checker's words, if it does not accept the model
     */
    public static Result check(Path model, Opset opset) {
        if (!isAvailable()) {
            return Result.NOT_AVAILABLE;
        }
        if (opset.version() > NEWEST_OPSET) {
            return Result.TOO_NEW;
        }
        try {
            onnx.check_model(model.toString(), true, false, false);
            return Result.VALID;
        } catch (RuntimeException e) {
            throw new InvalidModelException("The ONNX checker refuses " + model + ": " + e.getMessage(), e);
        }
    }

    /**
     * Checks a serialized model.
     *
     * @param opset the opset it is written in
     * @throws InvalidModelException with the checker's words, if it does not accept the model
     * @throws IOException if no temporary file can be written; the checker reads files only
     */
    public static Result check(byte[] model, Opset opset) throws IOException {
        Path file = Files.createTempFile("portolan-check", ".onnx");
        try {
            Files.write(file, model);
            return check(file, opset);
        } finally {
            Files.delete(file);
        }
    }

    /** Loads the native library once, when it is first asked for. */
    private static final class Library {
        private static final boolean LOADED = load();

        private static boolean load() {
            try {
                Loader.load(onnx.class);
                return true;
            } catch (LinkageError e) {
                return false;
            }
        }
    }
}
