package io.portolan.converter.onnx;

import io.portolan.converter.ir.Opset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.onnx.global.onnx;

/** Runs ONNX's checker with strict shape inference, if there is a build of it for this machine. */
public final class ModelChecker {
    /** The result of a check that did not fail. */
    public enum Result {
        /** The checker accepts the model. */
        VALID,
        /** Not checked: the checker does not support the opset yet. */
        TOO_NEW,
        /** Not checked: there is no build of the checker for this operating system and processor. */
        NOT_AVAILABLE;

        /** The text for reports on a model in an opset. */
        public String describe(Opset opset) {
            return switch (this) {
                case VALID -> "accepted by the ONNX checker and its shape inference";
                case TOO_NEW ->
                    "NOT CHECKED: the ONNX checker knows opsets up to " + NEWEST_OPSET + ", this is " + opset;
                case NOT_AVAILABLE -> "NOT CHECKED: there is no build of the ONNX checker for this machine";
            };
        }
    }

    /** The newest opset that version 1.17 of the checker, the newest for the JVM, supports. */
    public static final int NEWEST_OPSET = 22;

    private ModelChecker() {}

    /** Whether the checker's native library exists and loads. */
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
            throw new InvalidModelException("The ONNX checker rejects " + model + ": " + e.getMessage(), e);
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

    /** Loads the native library once, on first use. */
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
